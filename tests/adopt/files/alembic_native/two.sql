-- migrate:revision a2
-- migrate:revises a1
-- migrate:up
CREATE TABLE two (x integer);
