-- migrate:revision 20260107_143000
-- migrate:revises 20260105_090000
-- migrate:message create customers
-- migrate:created 2026-01-07T14:30:00Z

-- migrate:up
CREATE TABLE customer (
  email text PRIMARY KEY CHECK (email LIKE '%_@_%'),
  name text NOT NULL,
  newsletter integer NOT NULL DEFAULT 0 CHECK (newsletter IN (0, 1)),
  joined_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- migrate:verify
SELECT count(*) = 0 FROM customer;

-- migrate:down
DROP TABLE customer;
