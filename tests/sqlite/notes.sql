-- What a run tells on the way goes to SQLite's log.
SELECT migrate_add('-- migrate:revision 1
-- migrate:revises base
-- migrate:message create a
-- migrate:up
BEGIN;
CREATE TABLE a(x);
COMMIT;
-- migrate:down
DROP TABLE a;
');
.log stdout
SELECT migrate_apply('head');
SELECT migrate_revert('base');
SELECT migrate_apply('head');
SELECT migrate_apply('head');
