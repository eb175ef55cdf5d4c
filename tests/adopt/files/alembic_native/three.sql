-- migrate:revision a3
-- migrate:revises a2
-- migrate:up
CREATE TABLE three (x integer);
