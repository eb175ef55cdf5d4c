  ---- - DOWN   migration: back
DROP TABLE cars;
--up Migration
CREATE TABLE cars (id integer PRIMARY KEY);
