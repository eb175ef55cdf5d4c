-- migrate:revision 20260105_090000
-- migrate:revises base
-- migrate:message create books
-- migrate:created 2026-01-05T09:00:00Z

-- migrate:up
CREATE TABLE category (
  code text PRIMARY KEY,
  name text NOT NULL UNIQUE
);

CREATE TABLE book (
  isbn text PRIMARY KEY CHECK (length(isbn) = 13),
  title text NOT NULL,
  subtitle text,
  author text NOT NULL,
  category text NOT NULL REFERENCES category (code),
  price numeric(8, 2) NOT NULL CHECK (price >= 0)
);

CREATE INDEX book_author ON book (author);
CREATE INDEX book_category ON book (category);

INSERT INTO category (code, name) VALUES
  ('novel', 'Novels'),
  ('crime', 'Crime; thrillers'),
  ('child', 'Children''s books'),
  ('other', 'Everything else');

-- migrate:verify
SELECT count(*) = 4 FROM category;

-- migrate:down
DROP TABLE book;
DROP TABLE category;
