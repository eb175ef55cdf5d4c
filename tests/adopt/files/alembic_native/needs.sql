-- migrate:revision a4
-- migrate:revises a2
-- migrate:depends s1
-- migrate:up
CREATE TABLE needs (x integer);
