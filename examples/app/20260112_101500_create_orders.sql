-- migrate:revision 20260112_101500
-- migrate:revises 20260107_143000
-- migrate:message create orders
-- migrate:created 2026-01-12T10:15:00Z

-- migrate:up
CREATE TABLE purchase (
  id integer PRIMARY KEY,
  email text NOT NULL REFERENCES customer (email),
  ordered_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  state text NOT NULL DEFAULT 'open'
    CHECK (state IN ('open', 'paid', 'sent', 'returned'))
);

CREATE TABLE purchase_line (
  purchase integer NOT NULL REFERENCES purchase (id) ON DELETE CASCADE,
  isbn text NOT NULL REFERENCES book (isbn),
  copies integer NOT NULL DEFAULT 1 CHECK (copies > 0),
  price numeric(8, 2) NOT NULL CHECK (price >= 0),
  PRIMARY KEY (purchase, isbn)
);

CREATE INDEX purchase_email ON purchase (email);

-- SQLite numbers an integer primary key by itself.

-- migrate:up dialect:postgresql
CREATE SEQUENCE purchase_id AS integer OWNED BY purchase.id;
ALTER TABLE purchase ALTER COLUMN id SET DEFAULT nextval('purchase_id');

-- migrate:verify
SELECT count(*) = 0 FROM purchase JOIN purchase_line ON purchase = id;

-- migrate:down
DROP TABLE purchase_line;
DROP TABLE purchase;
