--include graph.inc

--# two heads: head names none of them
SELECT migrate_apply();
SELECT migrate_apply('head');
SELECT migrate_apply('heads');
SELECT migrate_apply('heads');
SELECT revision, state FROM migrate_status();
INSERT INTO t_carts VALUES (1);

--# down and up again
SELECT migrate_revert('joined');
SELECT migrate_revert('carts');
SELECT migrate_revert('users');
SELECT revision, state FROM migrate_status();
SELECT migrate_apply('blog@head');
SELECT migrate_revert('base');
SELECT count(*) FROM migrate_applied;

--# by steps
SELECT migrate_apply('start');
SELECT migrate_apply('+1');
SELECT revision FROM migrate_current();
SELECT migrate_apply('shop@+1');
SELECT revision FROM migrate_current();
SELECT migrate_revert('-1');
SELECT revision FROM migrate_current();
SELECT migrate_apply('tags');
SELECT revision FROM migrate_current();
SELECT migrate_revert('tags-2');
SELECT revision FROM migrate_current();
SELECT migrate_revert('base');
SELECT migrate_revert('base');

--# a dependency comes along
SELECT migrate_apply('carts');
SELECT revision FROM migrate_status() WHERE state = 'applied';

--# one that arrives late is applied by the next run
SELECT migrate_apply('heads');
SELECT migrate_add('-- migrate:revision late
-- migrate:revises start
-- migrate:message came late
-- migrate:up
CREATE TABLE t_late (n integer);
-- migrate:down
DROP TABLE t_late;
');
SELECT revision, state FROM migrate_status() WHERE state <> 'applied';
SELECT migrate_apply('heads');
SELECT count(*) FROM t_late;

--# verify
SELECT migrate_add('-- migrate:revision checked
-- migrate:revises late
-- migrate:up
CREATE TABLE t_checked (n integer);
INSERT INTO t_checked VALUES (7);
-- migrate:verify
SELECT n = 7, ''the rest of a row does not matter'' FROM t_checked;
SELECT count(*) FROM t_checked;
-- migrate:down
DROP TABLE t_checked;

-- migrate:revision refuted
-- migrate:revises checked
-- migrate:up
INSERT INTO t_checked VALUES (8);
-- migrate:verify
SELECT count(*) = 2 FROM t_checked;
SELECT n = 7 FROM t_checked ORDER BY n;
');

--# all of it or nothing
SELECT migrate_apply('refuted');
SELECT revision, state FROM migrate_status() WHERE state <> 'applied';
SELECT migrate_apply('checked');
SELECT n FROM t_checked;
SELECT migrate_apply('refuted');
SELECT n FROM t_checked;

--# a verification needs a row, and no NULL
SELECT migrate_add('-- migrate:revision refuted
-- migrate:revises checked
-- migrate:up
-- migrate:verify
SELECT 1 FROM t_checked WHERE n = 0;
');
SELECT migrate_apply('refuted');
SELECT migrate_add('-- migrate:revision refuted
-- migrate:revises checked
-- migrate:up
-- migrate:verify
SELECT NULL;
');
SELECT migrate_apply('refuted');
SELECT migrate_add('-- migrate:revision refuted
-- migrate:revises checked
-- migrate:up
-- migrate:verify
SELECT 0;
');
SELECT migrate_apply('refuted');
SELECT migrate_remove('refuted');

--# the caller's transaction takes it back
BEGIN;
SELECT migrate_revert('base');
SELECT count(*) FROM migrate_applied;
ROLLBACK;
SELECT count(*) FROM migrate_applied;
BEGIN;
SELECT migrate_revert('checked-1');
COMMIT;
SELECT revision, state FROM migrate_status() WHERE state <> 'applied';

--# no down section: no way back, and nothing has happened
SELECT migrate_add('-- migrate:revision oneway
-- migrate:revises checked
-- migrate:up
CREATE TABLE t_oneway (n integer);
');
SELECT migrate_apply('oneway');
SELECT migrate_revert('checked');
SELECT revision FROM migrate_current();
SELECT migrate_revert('base');
SELECT count(*) FROM t_oneway;

--# what cannot return rows only must not fail, and a text is true
SELECT migrate_add('
-- migrate:revision worded
-- migrate:revises base
-- migrate:up
CREATE TABLE t_worded (n integer);
-- migrate:verify
INSERT INTO t_worded VALUES (7);
SELECT ''f'';
SELECT n = 7 FROM t_worded;
-- migrate:down
DROP TABLE t_worded;
');
SELECT migrate_apply('worded');
SELECT migrate_revert('worded@base');
