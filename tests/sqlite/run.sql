.shell cp $MIGRATE_SQLITE_MODULE.* @tmp@/
.print -- a revision that refuses a transaction
SELECT migrate_add('-- migrate:revision 1
-- migrate:revises base
-- migrate:up
CREATE TABLE a (x);
-- migrate:down
DROP TABLE a;

-- migrate:revision 2
-- migrate:revises 1
-- migrate:up transaction:false
PRAGMA page_size = 8192;
CREATE TABLE b (y);
VACUUM;
PRAGMA journal_mode = truncate;
INSERT INTO b VALUES (1);
INSERT INTO b SELECT z FROM c;
-- migrate:verify
SELECT count(*) = 2 FROM b;
-- migrate:down
DROP TABLE b;
VACUUM;

-- migrate:revision 3
-- migrate:revises 2
-- migrate:up
CREATE TABLE d (y);
-- migrate:down
DROP TABLE d;
');
SELECT migrate_apply();
.print -- nothing has run; not inside a transaction, nor with a table in view
BEGIN;
SELECT migrate_run();
ROLLBACK;
SELECT migrate_run() FROM sqlite_master;
SELECT migrate_run('head', NULL, 'stamp');
SELECT revision, state FROM migrate_status();
.print -- an error keeps what was done before, and says so
SELECT migrate_run();
PRAGMA page_size;
PRAGMA journal_mode;
SELECT revision, state FROM migrate_status();
SELECT revision, number, action, line, begun_at IS NOT NULL, finished_at IS NOT NULL FROM migrate_partial;
SELECT * FROM migrate_verify();
SELECT migrate_check();
.print -- only migrate_run goes on
SELECT migrate_apply();
SELECT migrate_revert('base');
SELECT migrate_run('base', NULL, 'revert');
.print -- a statement that has run must stay what it was
SELECT migrate_add(replace(migrate_script('2'), 'VALUES (1)', 'VALUES (2)'));
SELECT migrate_run();
SELECT migrate_add(replace(migrate_script('2'), 'VALUES (2)', 'VALUES (1)'));
.print -- what is fixed meanwhile is fixed
CREATE TABLE c AS SELECT 7 AS z;
SELECT migrate_run();
SELECT y FROM b;
SELECT count(*) FROM migrate_partial;
SELECT action, revision FROM migrate_log;
SELECT migrate_check();
.print -- and down again
SELECT migrate_revert('1');
SELECT migrate_run('base', NULL, 'revert');
SELECT migrate_run('base', NULL, 'revert');
SELECT name FROM sqlite_master WHERE name IN ('a', 'b', 'd');
.print -- the verification fails: its statements are not run again
SELECT migrate_add('-- migrate:revision v
-- migrate:revises base
-- migrate:up transaction:false
CREATE TABLE v (x);
-- migrate:verify
SELECT x FROM c WHERE z > 7;
');
SELECT migrate_add(replace(migrate_script('v'), 'SELECT x FROM', 'SELECT z FROM'));
SELECT migrate_run('v');
SELECT * FROM migrate_verify();
UPDATE c SET z = 8;
SELECT migrate_run('v');
.print -- what runs without foreign keys stays together
PRAGMA foreign_keys = on;
CREATE TABLE parent (id integer PRIMARY KEY);
CREATE TABLE child (p REFERENCES parent ON DELETE CASCADE);
INSERT INTO parent VALUES (1);
INSERT INTO child VALUES (1);
SELECT migrate_add('-- migrate:revision w
-- migrate:revises v
-- migrate:up transaction:false
PRAGMA foreign_keys = off;
CREATE TABLE new (id integer PRIMARY KEY, more);
INSERT INTO new (id) SELECT id FROM parent;
DROP TABLE parent;
ALTER TABLE new RENAME TO parent;
VACUUM;
PRAGMA foreign_keys = on;
');
SELECT migrate_run('w');
SELECT count(*) FROM child;
PRAGMA foreign_keys;
.print -- an attached file
ATTACH '@tmp@/other.db' AS other;
SELECT migrate_add('-- migrate:revision x
-- migrate:revises base
-- migrate:up
CREATE TABLE x (x);
-- migrate:up transaction:false
PRAGMA other.page_size = 2048;
VACUUM;
VACUUM other;
PRAGMA journal_mode = wal;
INSERT INTO x VALUES (1);
');
SELECT migrate_run('x', 'other');
PRAGMA other.page_size;
PRAGMA other.journal_mode;
SELECT revision FROM other.migrate_applied;
SELECT count(*) FROM other.x;
SELECT count(*) FROM other.migrate_revision;
.print -- a verification cannot refuse a transaction
SELECT migrate_add('-- migrate:revision y
-- migrate:revises base
-- migrate:up
-- migrate:verify
VACUUM;
');
SELECT migrate_run('y');
.print -- VACUUM needs a file, and to be let in
PRAGMA locking_mode = exclusive;
SELECT migrate_run('3');
PRAGMA locking_mode = normal;
.open :memory:
.load @tmp@/migrate
ATTACH '@tmp@/test.db' AS test;
SELECT migrate_add(group_concat(script, '
')) FROM (SELECT script FROM test.migrate_revision ORDER BY position);
DETACH test;
SELECT migrate_run('3');
SELECT revision FROM migrate_current();
.print -- a database in memory does what it can
SELECT migrate_run('1');
