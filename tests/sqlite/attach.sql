-- Runs on an attached database.
.nullvalue NULL
.shell cp $MIGRATE_SQLITE_MODULE.* @tmp@/
ATTACH '@tmp@/tenant.db' AS "ten ant";
CREATE TABLE decoy(a);
CREATE TABLE users_ids(id);
SELECT migrate_add('-- migrate:revision 1
-- migrate:revises base
-- migrate:up
CREATE TABLE users(id integer primary key, email text, boss integer references users);
CREATE UNIQUE INDEX users_email ON users(email);
CREATE TABLE IF NOT EXISTS "order"(id integer primary key, u references users(id), n);
CREATE VIEW v AS SELECT * FROM users JOIN "order" ON u = users.id;
CREATE TRIGGER tr AFTER INSERT ON users BEGIN
  INSERT INTO "order"(u, n) SELECT new.id, 7;
  UPDATE users SET email = upper(email) WHERE id = new.id;
END;
INSERT INTO users(email) VALUES (''a''), (''b'');
REPLACE INTO users(id, email) VALUES (2, ''c'');
WITH c AS (SELECT id FROM users),
  d(x) AS (SELECT c.id FROM c, json_each(''[1,2]''))
INSERT INTO "order"(u, n) SELECT c.id, d.x FROM c JOIN d ON c.id = d.x, users
WHERE users.id IN (SELECT id FROM users);
-- migrate:down
DROP VIEW v;
DROP TABLE "order";
DROP TABLE IF EXISTS users;
');
.print -- nothing there yet
SELECT revision, state FROM migrate_status('ten ant');
SELECT migrate_apply('head', 'Ten Ant');
SELECT type, name, tbl_name FROM "ten ant".sqlite_master
WHERE tbl_name NOT LIKE 'migrate%' ORDER BY 2;
SELECT * FROM "ten ant".users;
SELECT * FROM "ten ant"."order";
SELECT name FROM main.sqlite_master WHERE tbl_name NOT LIKE 'migrate%' ORDER BY 1;
SELECT revision, state FROM migrate_status('ten ant');
SELECT revision, state FROM migrate_status();
.print -- statements of many kinds
SELECT migrate_add('-- migrate:revision 2
-- migrate:revises 1
-- migrate:up
CREATE TEMP TABLE tmp AS SELECT * FROM users;
CREATE INDEX tmpi ON tmp(id);
INSERT INTO tmp SELECT * FROM users;
CREATE TABLE nu AS WITH q AS MATERIALIZED (SELECT * FROM tmp)
  SELECT DISTINCT q.* FROM q LEFT JOIN (users u JOIN "order" o ON u.id = o.u) USING (id);
DROP TABLE tmp;
CREATE VIRTUAL TABLE fts USING fts5(email, content=users, content_rowid=id);
INSERT INTO fts(fts) VALUES (''rebuild'');
ALTER TABLE nu RENAME TO newer;
ALTER TABLE newer ADD COLUMN zz;
ALTER TABLE newer RENAME COLUMN zz TO yy;
ALTER TABLE newer DROP COLUMN yy;
UPDATE newer SET email = users.email FROM users WHERE users.id = newer.id;
UPDATE OR IGNORE newer SET email = ''x'' WHERE id IS NOT DISTINCT FROM 1;
DELETE FROM newer WHERE id > 1 RETURNING id;
CREATE UNIQUE INDEX newer_id ON newer(id);
INSERT INTO newer(id) SELECT 1 WHERE true ON CONFLICT DO UPDATE SET boss = 7;
WITH users AS (SELECT 9 AS id) INSERT INTO users(id) SELECT id FROM users;
WITH newer AS (SELECT 9) DELETE FROM newer WHERE id IN newer;
CREATE TABLE total(a, total AS (a + 1));
PRAGMA user_version = 33;
PRAGMA cache_size = 77;
ANALYZE;
ANALYZE newer;
REINDEX users_email;
REINDEX nocase;
DROP INDEX IF EXISTS newer_id;
EXPLAIN QUERY PLAN SELECT * FROM newer;
-- migrate:verify
SELECT count(*) > 0 FROM pragma_table_list WHERE name = ''newer'';
SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = ''newer'');
-- migrate:down
DROP TABLE fts; DROP TABLE newer; DROP TABLE total;
DELETE FROM users WHERE id = 9;
');
SELECT migrate_apply('head', 'ten ant');
SELECT name FROM "ten ant".sqlite_master
WHERE name NOT LIKE 'fts\_%' ESCAPE '\' AND tbl_name NOT LIKE 'migrate%' ORDER BY 1;
SELECT name FROM main.sqlite_master WHERE tbl_name NOT LIKE 'migrate%' ORDER BY 1;
SELECT * FROM "ten ant".newer;
SELECT id FROM "ten ant".users;
PRAGMA "ten ant".user_version;
PRAGMA main.user_version;
PRAGMA "ten ant".cache_size;
.print -- other databases stay untouched
SELECT migrate_add('-- migrate:revision 3
-- migrate:revises 2
-- migrate:up
INSERT INTO main.decoy VALUES (1);
');
SELECT migrate_apply('head', 'ten ant');
SELECT migrate_add('-- migrate:revision 3
-- migrate:revises 2
-- migrate:up
CREATE TABLE x AS SELECT * FROM main.decoy;
');
SELECT migrate_apply('head', 'ten ant');
SELECT migrate_add('-- migrate:revision 3
-- migrate:revises 2
-- migrate:up
PRAGMA main.user_version = 3;
');
SELECT migrate_apply('head', 'ten ant');
SELECT migrate_add('-- migrate:revision 3
-- migrate:revises 2
-- migrate:up
SELECT 1;
CREATE TABLE x AS
  SELECT * FROM
decoy;
');
.print -- and the line is that of the name
SELECT migrate_apply('head', 'ten ant');
SELECT migrate_remove('3');
.print -- the state travels with the file
DETACH "ten ant";
ATTACH '@tmp@/tenant.db' AS other;
SELECT revision, state FROM migrate_status('other');
SELECT revision FROM migrate_current('other');
ATTACH ':memory:' AS third;
BEGIN;
SELECT migrate_apply('1', 'third');
SELECT revision FROM migrate_current('third');
ROLLBACK;
SELECT revision FROM migrate_current('third');
SELECT migrate_revert('base', 'other');
SELECT name FROM other.sqlite_master WHERE tbl_name NOT LIKE 'migrate%' ORDER BY 1;
SELECT migrate_apply('1', 'other');
.open @tmp@/tenant.db
.load @tmp@/migrate
SELECT revision, state FROM migrate_status();
SELECT migrate_revert('base');
.open :memory:
.load @tmp@/migrate
ATTACH '@tmp@/tenant.db' AS tenant;
.print -- main has no scripts, the file brings its own
SELECT revision, state FROM migrate_status('tenant');
SELECT migrate_apply('1', 'tenant');
SELECT revision, state FROM migrate_status('tenant');
SELECT count(*) FROM main.sqlite_master;
