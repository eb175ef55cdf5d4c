--# PostgreSQL's flavour for SQLite, comments and layout kept
SELECT migrate_translate('CREATE TABLE public.t (
  id serial PRIMARY KEY, -- the key
  at timestamptz DEFAULT now(),
  v jsonb NOT NULL DEFAULT ''{}''::jsonb
);
CREATE EXTENSION pgcrypto;
COMMENT ON TABLE t IS ''it''''s a table'';
CREATE INDEX CONCURRENTLY i ON ONLY t USING btree (at);', 'sqlite');

--# SQLite's for PostgreSQL
SELECT migrate_translate('CREATE TABLE `t` (id INTEGER PRIMARY KEY AUTOINCREMENT, b BLOB);
PRAGMA synchronous = off;
INSERT INTO t (id, b) VALUES (1, x''00'');', 'postgresql');

--# what cannot be
SELECT migrate_translate('CREATE TABLE t (a text[])', 'sqlite');
SELECT migrate_translate('SELECT 1 WHERE ''a'' GLOB ''b''', 'postgresql');
SELECT migrate_translate('ALTER TABLE t ALTER a TYPE text', 'sqlite');
SELECT migrate_translate('SELECT 1', 'oracle');
SELECT migrate_translate(NULL, 'sqlite');

--# a script in either flavour runs in both
SELECT migrate_add('-- migrate:revision 1
-- migrate:revises base
-- migrate:up
PRAGMA foreign_keys = OFF;
CREATE TYPE mood AS ENUM (''sad'', ''ok'');
CREATE TABLE people (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, m mood);
INSERT INTO people (id, name) VALUES (7, ''x'');
-- migrate:verify
SELECT count(*) = 1 FROM public.people;
-- migrate:down
DROP TABLE people;
DROP TYPE mood;
');
SELECT migrate_apply();

--# what a script made before is known to a later one
SELECT migrate_add('-- migrate:revision 2
-- migrate:revises 1
-- migrate:up
ALTER TABLE people ADD COLUMN other mood NOT NULL DEFAULT ''ok'';
INSERT INTO people (id, name) VALUES (20, ''y'');
INSERT INTO people (name) VALUES (''z'');
ALTER TABLE people ALTER COLUMN name SET NOT NULL, ADD CONSTRAINT named CHECK (name <> '''');
-- migrate:down
ALTER TABLE people DROP CONSTRAINT named, ALTER COLUMN name DROP NOT NULL;
ALTER TABLE people DROP COLUMN other;
DELETE FROM people WHERE id > 7;
');
SELECT migrate_apply();
SELECT id, name, other FROM people ORDER BY id;
SELECT migrate_fingerprint();
SELECT migrate_revert('base');

--# what differs between the databases is noted, with the same words in both
SELECT migrate_translate('CREATE TABLE t (id int NOT NULL PRIMARY KEY, n int, s text DEFAULT CURRENT_TIMESTAMP, x numeric(8, 2), f boolean, r float8, d date, j text);
CREATE VIEW v AS SELECT s FROM t WHERE s LIKE ''a%'' AND s LIKE n ORDER BY n, id LIMIT 1;
CREATE VIEW w AS SELECT j ->> ''k'', x / 2, x % 2, round(r), substr(s, -1), lower(s), d + 1, s || f FROM t;
INSERT INTO t (n, x, d) VALUES (1.5, 1.005, ''5.1.2026'');
UPDATE t SET n = x WHERE ''1'' = 1 AND 1 << 2 = 4;
CREATE TABLE u (s text CHECK (s LIKE ''b%''));', migrate_dialect());

--# tables that earlier scripts made
SELECT migrate_add('-- migrate:revision flags
-- migrate:revises base
-- migrate:up
CREATE TABLE flags (id int PRIMARY KEY, f boolean, y bytea, n text);
-- migrate:up dialect:sqlite
ALTER TABLE flags ADD COLUMN g boolean;
-- migrate:up dialect:postgresql
ALTER TABLE flags ADD COLUMN g boolean;
');
SELECT migrate_apply('flags');
SELECT migrate_add('-- migrate:revision rows
-- migrate:revises flags
-- migrate:up
ALTER TABLE flags RENAME COLUMN f TO h;
INSERT INTO flags VALUES (1, ''t'', ''\x61'', ''t'', ''off'');
INSERT INTO flags (id, h, g) VALUES (2, 0, 1);
UPDATE flags SET g = ''t'' WHERE h = ''f'';
');
SELECT migrate_apply('rows');
SELECT id, CASE WHEN h THEN 'yes' ELSE 'no' END, length(y), n, CASE WHEN g THEN 'yes' ELSE 'no' END FROM flags ORDER BY id;

--# names without quotes that PostgreSQL takes for something else
SELECT migrate_translate('CREATE TABLE t (id int NOT NULL PRIMARY KEY, "user" text, "localtime" text, CHECK (user <> '''' AND t.user > ''a''));
CREATE TABLE "user" (id int NOT NULL PRIMARY KEY);
UPDATE t SET id = 1 WHERE user = ''x'' AND localtime = ''y'';
SELECT id AS user FROM t;
SELECT 1 FROM user;', migrate_dialect());

--# names that one of them reserves, in both
SELECT migrate_add('-- migrate:revision reserved
-- migrate:revises base
-- migrate:up
CREATE TABLE reserved (id serial PRIMARY KEY, index integer, set text);
INSERT INTO reserved (index, set) VALUES (1, ''a''), (2, ''b'');
UPDATE reserved SET set = reserved.set || ''c'' WHERE index = 2;
ALTER TABLE reserved ALTER index SET NOT NULL;
CREATE TABLE binary (id INTEGER PRIMARY KEY AUTOINCREMENT, Offset TEXT, user TEXT);
INSERT INTO binary (offset, user) VALUES (''o'', ''u'');
UPDATE `binary` SET user = user || ''!'' WHERE offset = ''o'';
-- migrate:down
DROP TABLE binary;
DROP TABLE reserved;
');
SELECT migrate_apply('reserved');
SELECT "index", "set" FROM reserved ORDER BY id;
SELECT "offset", "user" FROM "binary";
