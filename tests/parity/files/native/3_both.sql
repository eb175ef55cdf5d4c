-- migrate:revision three
-- migrate:up
CREATE TABLE three (n integer);
-- migrate:down
DROP TABLE three;

-- migrate:revision four
-- migrate:revises one
-- migrate:up
CREATE TABLE four (n integer);
-- migrate:down
DROP TABLE four;
