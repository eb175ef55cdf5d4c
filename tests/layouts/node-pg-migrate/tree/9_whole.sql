CREATE TABLE whole (id integer PRIMARY KEY);
-- downmigration
