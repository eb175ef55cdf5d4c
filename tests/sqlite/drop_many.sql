-- What one DROP TABLE has found out of the schema is true for the next one
-- only as long as nothing else has run.
PRAGMA foreign_keys = on;
SELECT migrate_add('-- migrate:revision 1
-- migrate:up
CREATE TABLE a (id integer PRIMARY KEY);
CREATE TABLE b (id integer PRIMARY KEY);
CREATE TABLE c (id integer PRIMARY KEY);
INSERT INTO c (id) VALUES (1);
');
SELECT migrate_apply();
SELECT migrate_add('-- migrate:revision view
-- migrate:revises 1
-- migrate:up
DROP TABLE a;
CREATE VIEW v AS SELECT id FROM c;
DROP TABLE b;
DROP TABLE c;
-- migrate:revision key
-- migrate:revises 1
-- migrate:up
DROP TABLE a;
CREATE TABLE d (c integer REFERENCES c);
DROP TABLE b;
DROP TABLE c;
-- migrate:revision alter
-- migrate:revises 1
-- migrate:up
DROP TABLE a;
ALTER TABLE b ADD CONSTRAINT b_c FOREIGN KEY (id) REFERENCES c;
DROP TABLE c;
-- migrate:revision table
-- migrate:revises 1
-- migrate:up
DROP TABLE a;
-- migrate:revision next
-- migrate:revises table
-- migrate:up
CREATE TABLE e (c integer REFERENCES c);
-- migrate:revision end
-- migrate:revises next
-- migrate:up
DROP TABLE b;
DROP TABLE c;
-- migrate:revision both
-- migrate:revises 1
-- migrate:up
DROP TABLE a;
DROP TABLE b, c;
-- migrate:down
CREATE TABLE c (id integer);
CREATE TABLE b (id integer);
CREATE TABLE a (id integer);
');
SELECT migrate_apply('view');
SELECT migrate_apply('key');
SELECT migrate_apply('alter');
SELECT migrate_apply('end');
SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_master WHERE type = 'table' AND length(name) = 1 ORDER BY 1);
SELECT migrate_apply('both');
SELECT migrate_revert('-1');
SELECT migrate_apply('both');
SELECT count(*) FROM sqlite_master WHERE type = 'table' AND length(name) = 1;
-- Nor is it true for another database.
ATTACH ':memory:' AS other;
CREATE TABLE other.p (id integer PRIMARY KEY);
CREATE TABLE other.q (p integer REFERENCES p);
SELECT migrate_add('-- migrate:revision other
-- migrate:revises both
-- migrate:up
CREATE TABLE f (id integer);
-- migrate:revision far
-- migrate:revises other
-- migrate:up
DROP TABLE f;
DROP TABLE other.p;
');
SELECT migrate_apply('far');
SELECT name FROM other.sqlite_master ORDER BY 1;
