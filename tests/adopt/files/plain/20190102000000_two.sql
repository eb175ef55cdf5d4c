-- migrate:up
CREATE TABLE two (x integer);

-- migrate:down
DROP TABLE two;
