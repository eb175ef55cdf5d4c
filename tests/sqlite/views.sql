-- Functions that look may stand in views, also where a schema is not trusted.
PRAGMA trusted_schema = off;
SELECT migrate_add('-- migrate:revision 1
-- migrate:revises base
-- migrate:up
CREATE TABLE t(a);
-- migrate:revision 2
-- migrate:revises 1
-- migrate:up
CREATE TABLE u(a);
');
SELECT migrate_apply('1');
CREATE VIEW pending AS
SELECT revision FROM migrate_status() WHERE state = 'pending';
CREATE VIEW todo AS SELECT step, revision FROM migrate_plan('heads');
CREATE VIEW facts AS SELECT migrate_check() AS wrong, migrate_show('1') > '';
SELECT * FROM pending;
SELECT * FROM todo;
SELECT migrate_apply('heads');
SELECT * FROM pending;
SELECT * FROM todo;
SELECT * FROM facts;
.print -- those that write, or read files, may not
CREATE VIEW evil AS SELECT migrate_revert('base');
SELECT * FROM evil;
CREATE VIEW sly AS SELECT migrate_load('/');
SELECT * FROM sly;
SELECT count(*) FROM migrate_applied;
.print -- what changes scripts or state alone works in a statement that reads
CREATE TABLE given(script);
INSERT INTO given VALUES ('-- migrate:revision 3
-- migrate:revises 2
-- migrate:up
CREATE TABLE v(a);
');
SELECT migrate_add(script) FROM given;
SELECT migrate_apply('heads') FROM given;
SELECT migrate_stamp('heads') FROM given;
SELECT * FROM pending;
