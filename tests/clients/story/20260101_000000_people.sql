-- migrate:revision 20260101_000000
-- migrate:revises base
-- migrate:message people

-- migrate:up
CREATE TABLE people (
  id integer PRIMARY KEY,
  email text NOT NULL,
  CONSTRAINT people_email UNIQUE (email)
);

-- migrate:down
DROP TABLE people;
