-- Up Migration
CREATE TABLE three (x integer);
-- Down Migration
DROP TABLE three;
