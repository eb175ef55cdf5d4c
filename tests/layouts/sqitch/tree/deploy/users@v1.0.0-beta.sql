-- Deploy flipr:users to sqlite
BEGIN;
CREATE TABLE users (id integer PRIMARY KEY, name text);
COMMIT;
