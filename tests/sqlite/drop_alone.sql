-- Outside of a transaction there is no end of the revision to wait for: a DROP
-- that leaves a view behind fails at once, and what came before it stays.
SELECT migrate_add('-- migrate:revision 1
-- migrate:up
CREATE TABLE t (a integer);
CREATE TABLE u (a integer);
CREATE VIEW v AS SELECT a FROM t;
CREATE VIEW w AS SELECT a FROM v;
-- migrate:revision 2
-- migrate:revises 1
-- migrate:up transaction:false
CREATE TABLE before (a integer);
DROP TABLE t;
CREATE TABLE behind (a integer);
-- migrate:revision 3
-- migrate:revises 1
-- migrate:up transaction:false
DROP VIEW v;
');
SELECT migrate_run('1');
SELECT migrate_run('2');
SELECT name FROM sqlite_master WHERE name NOT GLOB 'migrate_*' AND name NOT GLOB 'sqlite_*' ORDER BY name;
SELECT revision, state FROM migrate_status();
SELECT migrate_run('3');
SELECT name FROM sqlite_master WHERE name NOT GLOB 'migrate_*' AND name NOT GLOB 'sqlite_*' ORDER BY name;
.print -- the views dropped, it goes on
DROP VIEW w;
DROP VIEW v;
SELECT migrate_run('2');
SELECT name FROM sqlite_master WHERE name NOT GLOB 'migrate_*' AND name NOT GLOB 'sqlite_*' ORDER BY name;
SELECT revision, state FROM migrate_status();
