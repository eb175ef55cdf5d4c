-- migrate:up
CREATE TABLE three (x integer);

-- migrate:down
DROP TABLE three;
