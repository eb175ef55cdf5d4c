-- Create "users" table
CREATE TABLE users (id integer PRIMARY KEY);
