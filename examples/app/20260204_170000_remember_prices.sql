-- migrate:revision 20260204_170000
-- migrate:revises 20260202_093000
-- migrate:message remember old prices
-- migrate:created 2026-02-04T17:00:00Z

-- migrate:up
CREATE TABLE old_price (
  isbn text NOT NULL REFERENCES book (isbn),
  until timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  price numeric(8, 2) NOT NULL
);

CREATE INDEX old_price_isbn ON old_price (isbn, until);

-- migrate:up dialect:postgresql
CREATE FUNCTION remember_price() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO old_price (isbn, price) VALUES (old.isbn, old.price);
  RETURN NULL;
END;
$$;

CREATE TRIGGER book_price AFTER UPDATE OF price ON book
FOR EACH ROW WHEN (old.price <> new.price)
EXECUTE FUNCTION remember_price();

-- migrate:up dialect:sqlite
CREATE TRIGGER book_price AFTER UPDATE OF price ON book
FOR EACH ROW WHEN old.price <> new.price
BEGIN
  INSERT INTO old_price (isbn, price) VALUES (old.isbn, old.price);
END;

-- migrate:verify
SELECT count(*) = 0 FROM old_price;

-- migrate:down
DROP TABLE old_price;

-- migrate:down dialect:sqlite
DROP TRIGGER book_price;

-- migrate:down dialect:postgresql
DROP TRIGGER book_price ON book;
DROP FUNCTION remember_price();
