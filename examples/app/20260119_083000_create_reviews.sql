-- migrate:revision 20260119_083000
-- migrate:revises 20260112_101500
-- migrate:labels reviews
-- migrate:message create reviews
-- migrate:created 2026-01-19T08:30:00Z

-- migrate:up
CREATE TABLE review (
  isbn text NOT NULL REFERENCES book (isbn),
  email text NOT NULL REFERENCES customer (email),
  stars integer NOT NULL CHECK (stars BETWEEN 1 AND 5),
  comment text,
  written_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (isbn, email)
);

CREATE INDEX review_email ON review (email);

-- migrate:verify
SELECT count(*) = 0 FROM review;

-- migrate:down
DROP TABLE review;
