-- migrate:repeatable
-- migrate:revises base
-- migrate:up
SELECT 1;
