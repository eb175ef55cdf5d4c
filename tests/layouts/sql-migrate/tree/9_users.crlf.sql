-- about
-- +migrate Up
CREATE TABLE users (id integer PRIMARY KEY);
-- +migrate Down
DROP TABLE users;
