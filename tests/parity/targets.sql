--include graph.inc

--# absolute
SELECT step, action, revision, message, statements,
  CASE WHEN transactional THEN 'yes' ELSE 'no' END
FROM migrate_plan('joined');
--# by a prefix
SELECT revision FROM migrate_plan('joi');
--# by a label
SELECT revision FROM migrate_plan('blog');
--# label@head
SELECT revision FROM migrate_plan('logs@head');
--# label@heads
SELECT revision FROM migrate_plan('logs@heads');
--# id@head
SELECT revision FROM migrate_plan('audit@head');
--# several
SELECT revision FROM migrate_plan('posts, audit');
SELECT revision FROM migrate_plan('audit posts');
--# base, current
SELECT revision FROM migrate_plan('base');
SELECT revision FROM migrate_plan('current');
--# steps from base
SELECT revision FROM migrate_plan('logs@+1');
SELECT revision FROM migrate_plan('start+1');
SELECT revision FROM migrate_plan('tags-1');
SELECT revision FROM migrate_plan('blog+1');
SELECT revision FROM migrate_plan('logs@head-1');

--# reverts
SELECT migrate_apply('heads');
SELECT step, action, revision, statements FROM migrate_plan('base', 'revert');
SELECT revision FROM migrate_plan('tags', 'revert');
SELECT revision FROM migrate_plan('users', 'revert');
SELECT revision FROM migrate_plan('shop@users', 'revert');
SELECT revision FROM migrate_plan('logs@base', 'revert');
SELECT revision FROM migrate_plan('logs@-1', 'revert');
SELECT revision FROM migrate_plan('audit', 'revert');
SELECT revision FROM migrate_plan('audit_more', 'revert');
--# stamps
SELECT step, action, revision FROM migrate_plan('users', 'stamp');
SELECT step, action, revision FROM migrate_plan('base', 'stamp');
SELECT step, action, revision FROM migrate_plan('heads', 'stamp');
--# an exact id wins over a relative step
SELECT migrate_revert('base');
SELECT migrate_add('-- migrate:revision -1
-- migrate:revises base
-- migrate:up
-- migrate:revision users-1
-- migrate:revises -1
-- migrate:up
');
SELECT revision FROM migrate_plan('-1');
SELECT revision FROM migrate_plan('users-1');
