-- Up Migration
CREATE TABLE one (x integer);
-- Down Migration
DROP TABLE one;
