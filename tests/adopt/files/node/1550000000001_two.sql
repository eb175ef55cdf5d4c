-- Up Migration
CREATE TABLE two (x integer);
-- Down Migration
DROP TABLE two;
