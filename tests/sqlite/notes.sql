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

-- What may mean something else in the other database is told with its place,
-- as in PostgreSQL (tests/pg/notes.sql).
.log off
SELECT migrate_add('-- migrate:revision 2
-- migrate:revises 1
-- migrate:message query
-- migrate:up
CREATE TABLE b (name text);

CREATE VIEW v AS SELECT name FROM b
WHERE name LIKE ''x%''
ORDER BY name LIMIT 1;
-- migrate:down
DROP VIEW v;
DROP TABLE b;
');
.log stdout
SELECT migrate_apply('head');
