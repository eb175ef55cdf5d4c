-- migrate:revision one
-- migrate:labels numbers
-- migrate:message the first one
-- migrate:created 2024-05-06T07:08:09Z
-- migrate:up
CREATE TABLE one (n integer);
-- migrate:down
DROP TABLE one;
