-- migrate:revision b
-- migrate:repeatable
-- migrate:up
DROP VIEW IF EXISTS b;
CREATE VIEW b AS SELECT id, v FROM t;
