.headers on
CREATE TABLE users (id INTEGER PRIMARY KEY, email VARCHAR(10) NOT NULL, born DATE, made DATETIME, ok BOOLEAN, amt NUMERIC(6,2), u "uuid text" UNIQUE, doc "json text", n SMALLINT, any, b BLOB);
INSERT INTO users VALUES
  (1, 'a', '2026-02-30', '2026-01-01 10:00:00', 1, 1.25, 'ABCDEF00-1111-2222-3333-444444444444', '{}', 5, 1, x'00'),
  (2, '12345678901', 'x', 170000000, 2, 99999, 'short', '{a}', 70000, NULL, 'a\b'),
  (3, CAST(x'ff' AS TEXT), '2026-01-01', '2026-01-01T10:00:00Z', 'maybe', 1.255, 'abcdef00-1111-2222-3333-444444444444', '[1,2', 1.5, 's', NULL),
  (4, CAST(x'6100' AS TEXT) || 'b', NULL, '2026-01-01 10:00:00+02', 'yes', '1e5', NULL, NULL, 'q', NULL, NULL);
SELECT table_name, column_name, problem, effect, count, keys, example FROM migrate_type_check('users');
-- Each query finds as many rows as it says; the last one is an example.
SELECT query FROM migrate_type_check('users') WHERE problem IN ('out of range', 'duplicate key', 'no type');
SELECT rowid, "n" FROM "main"."users" WHERE migrate_type_problem('SMALLINT', typeof("n"), "n") = 'out of range';

-- Keys of several columns, tables without rowid, names that need quotes.
CREATE TABLE "odd ""one" ("a b" TEXT, "c'd" DATE, PRIMARY KEY ("a b", "c'd")) WITHOUT ROWID;
INSERT INTO "odd ""one" VALUES ('x', '2026-01-01'), ('x', '2026-01-01 00:00:00'), ('y', '20260101'), ('z', 'never');
SELECT column_name, problem, count, keys, example, query FROM migrate_type_check('odd "one');
CREATE TABLE rowids (rowid TEXT, _rowid_ TEXT, oid DATE);
INSERT INTO rowids VALUES ('a', 'b', 'c');
SELECT column_name, problem, keys, query FROM migrate_type_check('rowids');
CREATE TABLE nulls (k TEXT PRIMARY KEY, f DATE REFERENCES users (born));
INSERT INTO nulls VALUES (NULL, NULL), (NULL, '2026-01-01'), ('x', '2026-01-02');
SELECT column_name, problem, count, keys, example FROM migrate_type_check('nulls');
CREATE TABLE child (a INT, b INT, c INT REFERENCES nowhere, FOREIGN KEY (a, b) REFERENCES parent (x, y));
CREATE TABLE parent (x INT, y INT, UNIQUE (x, y));
INSERT INTO parent VALUES (1, 1);
INSERT INTO child VALUES (1, 1, NULL), (1, 2, NULL), (NULL, 7, 5);
SELECT column_name, problem, count, keys, example, query FROM migrate_type_check('child');

-- Six of a kind: five are named. Long values are cut.
CREATE TABLE many (id INTEGER PRIMARY KEY, t VARCHAR(3));
INSERT INTO many VALUES (1, 'aaaa'), (2, 'bbbb'), (3, 'cccc'), (4, 'dddd'), (5, 'eeee'), (6, 'ffff');
UPDATE many SET t = printf('%.80c', 'x') WHERE id = 1;
SELECT count, keys, example FROM migrate_type_check('many');

-- An attached database.
ATTACH ':memory:' AS other;
CREATE TABLE other.t (d DATE UNIQUE);
INSERT INTO other.t VALUES ('x'), ('2026-01-01'), ('20260101'), ('2026-01-01T00:00');
SELECT table_name, column_name, problem, count, query FROM migrate_type_check(NULL, 'other');
SELECT table_name, declared, becomes FROM migrate_types('other');
SELECT kind, table_name, name, definition FROM migrate_schema('other');
SELECT count(*) FROM migrate_schema('nowhere');

-- Virtual tables, views and the engine's own are left out.
CREATE VIEW v AS SELECT * FROM users;
CREATE TABLE migrate_mine (x DATE);
SELECT count(*) FROM migrate_types() WHERE table_name IN ('v', 'migrate_mine');
