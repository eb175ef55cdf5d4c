-- migrate:revision 20260103_000000
-- migrate:revises 20260102_000000
-- migrate:message the same address twice

-- migrate:up
INSERT INTO people VALUES (1, 'ada@example.org');
INSERT INTO people VALUES (2, 'bob@example.org');
-- One that is there.
INSERT INTO people
VALUES (3, 'ada@example.org');

-- migrate:down
DELETE FROM people;
