-- What is half reverted is no success for those who want it applied.
SELECT migrate_add('-- migrate:revision a
-- migrate:revises base
-- migrate:up
CREATE TABLE t (i integer);
-- migrate:down
DROP TABLE t;
-- migrate:revision b
-- migrate:up
INSERT INTO t VALUES (0);
-- migrate:down transaction:false
INSERT INTO t VALUES (1);
DELETE FROM missing;
SELECT count(*) FROM t;
');
SELECT migrate_run();
SELECT migrate_run('a', NULL, 'revert');
SELECT migrate_run();
SELECT migrate_run('b');
SELECT migrate_apply();
SELECT migrate_rehearse('b');
SELECT migrate_rehearse('a', NULL, 'round trip');
SELECT migrate_run('a');
SELECT problem, detail FROM migrate_verify();
-- The summary of the state is written anew, and says nothing of it.
UPDATE migrate_state SET value = '9' WHERE name LIKE 'complete:%';
SELECT migrate_run('heads');
-- The rest can be rehearsed, and run.
CREATE TABLE missing (i integer);
SELECT migrate_rehearse('a', NULL, 'revert');
SELECT line, statement, rows FROM migrate_rehearsal;
SELECT migrate_run('a', NULL, 'revert');
SELECT migrate_run();
SELECT i FROM t;
-- Where there is nothing to do a block is still refused.
SELECT migrate_run();
BEGIN;
SELECT migrate_run();
SELECT migrate_apply();
COMMIT;
