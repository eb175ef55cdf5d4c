--include graph.inc

--# heads, bases, branches
SELECT revision, message, labels FROM migrate_heads();
SELECT revision, message, labels FROM migrate_bases();
SELECT revision, message, labels FROM migrate_branches();

--# status
SELECT revision, revises, depends, labels, message, state,
  CASE WHEN is_head THEN 'head' ELSE '-' END,
  CASE WHEN applied_at IS NULL AND applied_by IS NULL AND elapsed_ms IS NULL
    THEN 'never' ELSE 'once' END
FROM migrate_status();

--# history
SELECT revision, revises, depends, labels, message,
  substr(CAST(created_at AS text), 1, 10),
  CASE WHEN is_head THEN 'head' ELSE '-' END,
  CASE WHEN is_branch_point THEN 'branch' ELSE '-' END,
  CASE WHEN is_merge_point THEN 'merge' ELSE '-' END
FROM migrate_history();

--# ranges
SELECT revision FROM migrate_history('base:users');
--# users:heads
SELECT revision FROM migrate_history('users:heads');
--# :tags
SELECT revision FROM migrate_history(':tags');
--# goods:
SELECT revision FROM migrate_history('goods:');
--# blog@base:blog@head
SELECT revision FROM migrate_history('blog@base:blog@head');
--# current
SELECT migrate_apply('posts');
SELECT revision FROM migrate_history('current:tags');
SELECT revision FROM migrate_history(':current');
SELECT revision, message, labels, CASE WHEN is_head THEN 'head' ELSE '-' END
FROM migrate_current();
SELECT migrate_apply('heads');
SELECT revision, message, labels, CASE WHEN is_head THEN 'head' ELSE '-' END
FROM migrate_current();

--# a function's rows in a query
SELECT h.revision, s.state
FROM migrate_history('posts:joined') AS h
JOIN migrate_status() AS s ON s.revision = h.revision
ORDER BY h.revision;
