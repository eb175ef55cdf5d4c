-- migrate:up
CREATE TABLE two (n integer);
-- migrate:down
DROP TABLE two;
