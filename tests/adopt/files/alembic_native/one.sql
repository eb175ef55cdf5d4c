-- migrate:revision a1
-- migrate:revises base
-- migrate:up
CREATE TABLE one (x integer);
