-- migrate:revision 20260120_154500
-- migrate:revises 20260112_101500
-- migrate:message track stock
-- migrate:created 2026-01-20T15:45:00Z

-- migrate:up
CREATE TABLE stock (
  isbn text PRIMARY KEY REFERENCES book (isbn),
  copies integer NOT NULL CHECK (copies >= 0),
  shelf text
);

-- Nobody has counted the books that are there already.
INSERT INTO stock (isbn, copies)
SELECT isbn, 0 FROM book;

-- migrate:verify
SELECT count(*) = 0
FROM book LEFT JOIN stock ON stock.isbn = book.isbn
WHERE stock.isbn IS NULL;

-- migrate:down
DROP TABLE stock;
