-- migrate:revision b
-- migrate:message names
-- migrate:repeatable
-- migrate:depends c
-- migrate:up
DROP VIEW IF EXISTS b;
CREATE VIEW b AS SELECT v FROM t;
