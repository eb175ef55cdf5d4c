-- what comes before the first section is only comments

--migrate:up
CREATE TABLE posts (id integer PRIMARY KEY, author integer REFERENCES users (id));
INSERT INTO users VALUES (1, 'a;b@example.org');

--   migrate:down
DELETE FROM users;
DROP TABLE posts;
