-- migrate:revision 20260126_094500
-- migrate:revises 20260120_154500
-- migrate:depends 20260119_083000
-- migrate:message feature books
-- migrate:created 2026-01-26T09:45:00Z

-- A featured book is quoted with one of its reviews, so this revision of the
-- shop's own line needs a table of the reviews' branch.

-- migrate:up
CREATE TABLE featured (
  isbn text PRIMARY KEY REFERENCES stock (isbn),
  email text NOT NULL,
  place integer NOT NULL UNIQUE CHECK (place > 0),
  FOREIGN KEY (isbn, email) REFERENCES review (isbn, email)
);

-- migrate:verify
SELECT count(*) = 0 FROM featured;

-- migrate:down
DROP TABLE featured;
