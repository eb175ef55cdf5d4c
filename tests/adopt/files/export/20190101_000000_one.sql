-- migrate:up
-- a comment stays
CREATE TABLE one (x integer);
INSERT INTO one VALUES (1)

-- migrate:down
DROP TABLE one;
