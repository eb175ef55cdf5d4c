-- migrate:revision s1
-- migrate:revises base
-- migrate:up
CREATE TABLE side (x integer);
