-- migrate:up
CREATE TABLE one (x integer);

-- migrate:down
DROP TABLE one;
