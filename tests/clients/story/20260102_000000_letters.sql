-- migrate:revision 20260102_000000
-- migrate:revises 20260101_000000
-- migrate:message letters

-- migrate:up
CREATE TABLE letters (id integer PRIMARY KEY, body text);
INSERT INTO letters VALUES (1, 'Grüße; "quoted" and ''quoted''');

-- migrate:down
DROP TABLE letters;
