-- What may mean something else in the other database is told with its place,
-- as in SQLite (tests/sqlite/notes.sql).
CREATE EXTENSION migrate;
SELECT migrate_add('-- migrate:revision 2
-- migrate:revises base
-- migrate:message query
-- migrate:up
CREATE TABLE b (name text);

CREATE VIEW v AS SELECT name FROM b
WHERE name LIKE ''x%''
ORDER BY name LIMIT 1;
-- migrate:down
DROP VIEW v;
DROP TABLE b;
');
SELECT migrate_apply('head');
