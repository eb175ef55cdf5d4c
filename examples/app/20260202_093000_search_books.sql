-- migrate:revision 20260202_093000
-- migrate:revises 20260129_120000
-- migrate:message search books by their words
-- migrate:created 2026-02-02T09:30:00Z

-- migrate:up dialect:postgresql
ALTER TABLE book ADD COLUMN words tsvector GENERATED ALWAYS AS (
  to_tsvector('simple', title || ' ' || coalesce(subtitle, '') || ' ' || author)
) STORED;

CREATE INDEX book_words ON book USING gin (words);

-- migrate:up dialect:sqlite
CREATE VIRTUAL TABLE book_words USING fts5 (isbn UNINDEXED, title, subtitle, author);

INSERT INTO book_words (isbn, title, subtitle, author)
SELECT isbn, title, subtitle, author FROM book;

CREATE TRIGGER book_words_insert AFTER INSERT ON book
BEGIN
  INSERT INTO book_words (isbn, title, subtitle, author)
  VALUES (new.isbn, new.title, new.subtitle, new.author);
END;

CREATE TRIGGER book_words_update AFTER UPDATE OF isbn, title, subtitle, author ON book
BEGIN
  UPDATE book_words
  SET isbn = new.isbn, title = new.title, subtitle = new.subtitle, author = new.author
  WHERE isbn = old.isbn;
END;

CREATE TRIGGER book_words_delete AFTER DELETE ON book
BEGIN
  DELETE FROM book_words WHERE isbn = old.isbn;
END;

-- migrate:verify dialect:postgresql
SELECT count(*) = 0 FROM book WHERE words IS NULL;

-- migrate:verify dialect:sqlite
SELECT (SELECT count(*) FROM book_words) = (SELECT count(*) FROM book);

-- migrate:down dialect:postgresql
DROP INDEX book_words;
ALTER TABLE book DROP COLUMN words;

-- migrate:down dialect:sqlite
DROP TRIGGER book_words_delete;
DROP TRIGGER book_words_update;
DROP TRIGGER book_words_insert;
DROP TABLE book_words;
