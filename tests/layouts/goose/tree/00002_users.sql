-- a comment before
-- +goose Up
CREATE TABLE users (
  id integer PRIMARY KEY,
  name text NOT NULL
);
INSERT INTO users VALUES (1, 'a;
b');

-- +goose Down
DROP TABLE users;
