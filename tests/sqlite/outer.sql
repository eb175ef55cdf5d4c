-- What the statement around a call may do.
CREATE TABLE files(name, content);
INSERT INTO files VALUES ('a', '-- migrate:revision 1
-- migrate:revises base
-- migrate:up
CREATE TABLE t1(a);
-- migrate:down
DROP TABLE t1;
'), ('b', '-- migrate:revision 2
-- migrate:revises 1
-- migrate:up
CREATE TABLE t2(a);
INSERT INTO t2 VALUES (1), (2);
-- migrate:down
DROP TABLE t2;
');
.print -- a run within a statement that reads, even with nothing to do
SELECT migrate_apply('head') FROM files;
SELECT name FROM sqlite_master ORDER BY 1;
.print -- scripts from a table
SELECT name, migrate_add(content) FROM files;
SELECT revision, revises, state FROM migrate_status();
.print -- runs
SELECT migrate_apply('head') FROM json_each('[1]');
SELECT migrate_apply((SELECT 'head' FROM files LIMIT 1));
CREATE TABLE log(x);
INSERT INTO log SELECT migrate_apply('head');
INSERT INTO log SELECT migrate_stamp('heads');
UPDATE files SET name = migrate_revert('base');
.print -- in a transaction
BEGIN;
SELECT migrate_apply('head') FROM files;
INSERT INTO log SELECT migrate_stamp('heads');
SELECT migrate_stamp('heads') FROM files;
SELECT revision, is_head FROM migrate_current();
ROLLBACK;
SELECT count(*) FROM migrate_current();
BEGIN;
SELECT migrate_apply('head');
SELECT * FROM t2;
SELECT migrate_revert('-1');
SELECT migrate_apply('nix');
COMMIT;
SELECT revision, is_head FROM migrate_current();
.print -- an error leaves the transaction as it was
BEGIN;
INSERT INTO log VALUES ('before');
SELECT migrate_add('-- migrate:revision 3
-- migrate:revises 1
-- migrate:up
INSERT INTO log VALUES (''in'');
INSERT INTO nix VALUES (1);
');
SELECT migrate_apply('3');
INSERT INTO log VALUES ('after');
COMMIT;
SELECT x FROM log;
.print -- where a function may stand
CREATE VIEW unsafe AS SELECT migrate_apply('head');
SELECT * FROM unsafe;
CREATE VIEW safe AS SELECT revision FROM migrate_status();
SELECT count(*) FROM safe;
CREATE TRIGGER tr AFTER INSERT ON log BEGIN SELECT migrate_revert('base'); END;
INSERT INTO log VALUES (1);
.print -- read-only connections may look, and apply nothing
SELECT migrate_stamp('heads');
PRAGMA query_only = on;
SELECT migrate_apply('heads');
SELECT migrate_revert('base');
SELECT count(*) FROM migrate_current();
