-- migrate:revision 20260122_101000
-- migrate:revises 20260119_083000
-- migrate:message count votes on reviews
-- migrate:created 2026-01-22T10:10:00Z

-- migrate:up
ALTER TABLE review ADD COLUMN helpful integer NOT NULL DEFAULT 0;

CREATE VIEW rating AS
SELECT isbn, count(*) AS reviews, avg(stars) AS stars, sum(helpful) AS helpful
FROM review
GROUP BY isbn;

-- migrate:verify
SELECT count(*) = 0 FROM rating;

-- migrate:down
DROP VIEW rating;
ALTER TABLE review DROP COLUMN helpful;
