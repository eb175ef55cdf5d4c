-- migrate:revision c
-- migrate:repeatable
-- migrate:up
INSERT INTO t SELECT 1 + coalesce(max(id), 0), 'ran' FROM t;
