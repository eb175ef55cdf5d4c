--include graph.inc

--# nothing runs
SELECT migrate_stamp('users');
SELECT revision, state FROM migrate_status() WHERE state = 'applied';
SELECT migrate_stamp('users');
--# another branch, and one upwards
SELECT migrate_stamp('audit');
SELECT revision FROM migrate_current();
SELECT migrate_stamp('audit_more');
SELECT revision FROM migrate_current();
--# downwards
SELECT migrate_stamp('start');
SELECT revision FROM migrate_current();
--# with a dependency
SELECT migrate_stamp('carts');
SELECT revision FROM migrate_status() WHERE state = 'applied';
--# all
SELECT migrate_stamp('heads');
SELECT revision FROM migrate_current();
SELECT migrate_check();
--# a list
SELECT migrate_stamp('base');
SELECT count(*) FROM migrate_applied;
SELECT migrate_stamp('tags, goods');
SELECT revision FROM migrate_current();
--# purge
SELECT CASE WHEN migrate_stamp('audit', true) > 0 THEN 'done' END;
SELECT revision FROM migrate_status() WHERE state = 'applied';
SELECT CASE WHEN migrate_stamp('base', true) > 0 THEN 'done' END;
SELECT count(*) FROM migrate_applied;
--# what is applied without a script can only be purged
INSERT INTO migrate_applied (schema, revision, checksum, applied_at, applied_by)
VALUES ('', 'gone', 'x', '2026-01-01T00:00:00Z', 'me');
SELECT migrate_stamp('users');
SELECT CASE WHEN migrate_stamp('users', true) > 0 THEN 'done' END;
SELECT revision, state FROM migrate_status() WHERE state <> 'pending';
--# it goes on from there, and runs only the rest
CREATE TABLE t_users (n integer);
SELECT migrate_apply('posts');
SELECT migrate_revert('start');
SELECT revision FROM migrate_current();
--# the log knows what was only stamped
SELECT DISTINCT action FROM migrate_log ORDER BY action;
