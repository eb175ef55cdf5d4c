-- ALTER TYPE ... RENAME VALUE: columns, defaults and rows follow, triggers do
-- not fire; what else names the label is named, and nothing is changed then.
PRAGMA foreign_keys = on;
SELECT migrate_add('-- migrate:revision 1
-- migrate:up
CREATE TYPE mood AS ENUM (''sad'', ''ok'', ''it''''s'');
CREATE TYPE hue AS ENUM (''ok'', ''red'');
CREATE TABLE k (m mood PRIMARY KEY);
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, m mood NOT NULL DEFAULT ''ok'' REFERENCES k (m), n mood, h hue DEFAULT ''ok'', word text DEFAULT ''ok'');
CREATE TABLE other (word text CHECK (word <> ''ok''));
CREATE INDEX i ON t (m);
CREATE VIEW v AS SELECT id, m FROM t;
CREATE VIEW far AS SELECT 1 AS x FROM other WHERE word = ''ok'';
INSERT INTO k VALUES (''sad''), (''ok'');
INSERT INTO t (m, n) VALUES (''sad'', NULL), (''ok'', ''it''''s'');
-- migrate:up dialect:sqlite
CREATE TABLE log (what);
CREATE TRIGGER up AFTER UPDATE ON t BEGIN INSERT INTO log VALUES (new.id); END;
CREATE TRIGGER ins AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.m); END;
CREATE TRIGGER del AFTER DELETE ON k BEGIN INSERT INTO log VALUES (old.m); END;
-- migrate:revision 2
-- migrate:revises 1
-- migrate:up
INSERT INTO t (n) VALUES (''sad'');
ALTER TYPE mood ADD VALUE ''more'';
-- migrate:revision 3
-- migrate:revises 2
-- migrate:up
INSERT INTO t (n) VALUES (''sad'');
ALTER TYPE mood RENAME VALUE ''ok'' TO ''fine'';
ALTER TYPE mood RENAME VALUE ''it''''s'' TO ''isn''''t'';
INSERT INTO t (n) VALUES (''fine'');
ALTER TYPE mood ADD VALUE IF NOT EXISTS ''glad'' AFTER ''fine'';
INSERT INTO t (n) VALUES (''glad'');
-- migrate:down
ALTER TYPE mood RENAME VALUE ''fine'' TO ''ok'';
ALTER TYPE mood RENAME VALUE ''isn''''t'' TO ''it''''s'';
');
SELECT migrate_apply('2');
SELECT migrate_apply('3');
SELECT sql FROM sqlite_master WHERE name IN ('k', 't') ORDER BY name;
SELECT * FROM t;
SELECT * FROM k;
SELECT group_concat(what) FROM log;
PRAGMA foreign_key_check;
PRAGMA foreign_keys;
.print -- back, and again
SELECT migrate_revert('2');
SELECT m, count(*) FROM v GROUP BY m;
SELECT migrate_sql('3', '2', 'sqlite');
.print -- in the caller's transaction, with foreign keys on
BEGIN;
SELECT migrate_apply('3');
ROLLBACK;
.print -- labels as they are now
SELECT migrate_add('-- migrate:revision gone
-- migrate:revises 2
-- migrate:up
ALTER TYPE mood RENAME VALUE ''fine'' TO ''good'';
-- migrate:revision there
-- migrate:revises 2
-- migrate:up
ALTER TYPE mood RENAME VALUE ''ok'' TO ''more'';
-- migrate:revision rename
-- migrate:revises 2
-- migrate:up

ALTER TYPE mood RENAME VALUE ''ok'' TO ''good'';
');
SELECT migrate_apply('gone');
SELECT migrate_apply('there');
.print -- what names it
CREATE INDEX partial ON t (n) WHERE n = 'ok';
SELECT migrate_apply('rename');
DROP INDEX partial;
CREATE VIEW nobody AS SELECT m AS x FROM t;
CREATE VIEW nested AS SELECT 1 FROM nobody WHERE x = "ok";
SELECT migrate_apply('rename');
DROP VIEW nested;
CREATE TRIGGER says AFTER INSERT ON other BEGIN DELETE FROM t WHERE n = 'ok'; END;
SELECT migrate_apply('rename');
DROP TRIGGER says;
CREATE TEMP VIEW mine AS SELECT m FROM t WHERE m = 'ok';
SELECT migrate_apply('rename');
DROP VIEW mine;
ALTER TABLE t ADD COLUMN g AS (m = 'ok');
SELECT migrate_apply('rename');
ALTER TABLE t DROP COLUMN g;
ALTER TABLE t ADD COLUMN c CHECK (m <> 'ok' OR c);
SELECT migrate_apply('rename');
ALTER TABLE t DROP COLUMN c;
SELECT m, count(*) FROM v GROUP BY m;
SELECT migrate_apply('rename');
SELECT m, count(*) FROM v GROUP BY m;
SELECT revision FROM migrate_applied;
.print -- labels that a down section has left
SELECT migrate_add('-- migrate:revision h1
-- migrate:revises base
-- migrate:up
CREATE TYPE shade AS ENUM (''red'', ''blue'');
CREATE TABLE dress (h shade, n int);
-- migrate:revision h2
-- migrate:revises h1
-- migrate:up
ALTER TYPE shade ADD VALUE ''pink'' BEFORE ''blue'';
-- migrate:down
DELETE FROM dress;
-- migrate:revision h3
-- migrate:revises h1
-- migrate:up
CREATE TABLE coat (h shade);
ALTER TYPE shade ADD VALUE ''rose'' AFTER ''pink'';
-- migrate:revision again
-- migrate:revises h1
-- migrate:up
INSERT INTO dress VALUES (''red'', 1);
ALTER TYPE shade ADD VALUE ''pink'';
-- migrate:revision twice
-- migrate:revises h1
-- migrate:up

ALTER TYPE shade RENAME VALUE ''red'' TO ''pink'';
-- migrate:revision h5
-- migrate:revises h1
-- migrate:up
ALTER TYPE shade RENAME VALUE ''pink'' TO ''violet'';
-- migrate:revision h6
-- migrate:revises h1
-- migrate:up
ALTER TYPE shade RENAME VALUE ''red'' TO ''pink'';
');
SELECT migrate_apply('h2');
SELECT migrate_revert('h1');
SELECT migrate_apply('again');
SELECT migrate_apply('twice');
SELECT migrate_apply('h5');
SELECT migrate_apply('h6');
SELECT migrate_apply('h3');
SELECT sql FROM sqlite_master WHERE name IN ('dress', 'coat') ORDER BY name;
SELECT migrate_apply('again');
.print -- as the table says them, in its own words
PRAGMA writable_schema = on;
UPDATE sqlite_master SET sql = 'CREATE TABLE dress (h shade text CHECK (h IN (''red'' /* 1 */, ''rose'' -- 2
)), n int)' WHERE name = 'dress';
PRAGMA writable_schema = reset;
SELECT migrate_add('-- migrate:revision h4
-- migrate:revises h3
-- migrate:up
ALTER TYPE shade ADD VALUE ''first'' BEFORE ''red'';
ALTER TYPE shade ADD VALUE ''last'';
ALTER TYPE shade ADD VALUE ''mid'' AFTER ''pink'';
');
SELECT migrate_apply('h4');
SELECT sql FROM sqlite_master WHERE name IN ('dress', 'coat') ORDER BY name;
