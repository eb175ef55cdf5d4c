-- A rehearsal runs the plan, measures it, and leaves nothing.
\pset format unaligned
CREATE EXTENSION migrate;
CREATE TABLE busy (id integer PRIMARY KEY, note text);
CREATE INDEX busy_note ON busy (note);
CREATE SEQUENCE numbers;
CREATE SCHEMA shop;
CREATE TABLE shop.goods (id integer, price integer);
INSERT INTO busy SELECT i, 'x' FROM generate_series(1, 1000) AS i;
SELECT migrate_add($$-- migrate:revision 1
-- migrate:revises base
-- migrate:up
CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
ALTER TABLE busy ADD COLUMN extra integer;
UPDATE busy SET extra = nextval('numbers') WHERE id <= 10;
ALTER TABLE busy ALTER COLUMN note TYPE varchar(10);
ALTER TABLE busy ALTER COLUMN id TYPE bigint;
ALTER TABLE shop.goods ADD CHECK (price > 0);
SET statement_timeout = '1h';
-- migrate:verify
SELECT count(*) = 10 FROM busy WHERE extra IS NOT NULL;
-- migrate:down
DROP TABLE users;
ALTER TABLE busy DROP COLUMN extra;
-- migrate:revision 2
-- migrate:revises 1
-- migrate:up
DROP TABLE shop.goods;
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE VIEW v AS SELECT id FROM users;
-- migrate:down
DROP VIEW v;
DROP TYPE mood;
-- migrate:revision 3
-- migrate:revises 2
-- migrate:up
CREATE INDEX CONCURRENTLY busy_extra ON busy (extra);
$$);
\set VERBOSITY terse
SET client_min_messages = warning;
\echo -- all of it
CREATE TABLE seen AS SELECT * FROM migrate_rehearse();
SELECT step, revision, line, statement, rows FROM seen;
SELECT line, locks, rewritten, sequences, note FROM seen
 WHERE coalesce(locks, rewritten, sequences, note) IS NOT NULL;
SELECT count(*) AS measured, bool_and(bytes > 0) AS written FROM seen
 WHERE elapsed_ms >= 0 AND revision = '1' AND line BETWEEN 4 AND 9;
\echo -- nothing is there, and nothing is held
SELECT relname FROM pg_class
 WHERE relname IN ('users', 'v', 'busy_extra') ORDER BY 1;
SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
 WHERE attrelid = 'busy'::regclass AND attnum > 0;
SELECT count(*) FROM migrate_applied;
SELECT count(*) FROM migrate_log;
SHOW statement_timeout;
SELECT last_value FROM numbers;
BEGIN;
SELECT count(*) FROM migrate_rehearse('2');
SELECT mode, relation::regclass FROM pg_locks
 WHERE pid = pg_backend_pid() AND locktype = 'relation'
   AND mode IN ('ShareLock', 'ShareRowExclusiveLock', 'AccessExclusiveLock');
COMMIT;
\echo -- up, down and up again
SELECT step, action, revision, note
  FROM migrate_rehearse('head', action => 'round trip')
 WHERE note IS NOT NULL;
\echo -- a schema of its own
SELECT migrate_add($$-- migrate:revision a
-- migrate:revises base
-- migrate:labels tenant
-- migrate:up
CREATE TABLE mine (id integer);
-- migrate:down
DROP TABLE mine;
$$);
SELECT statement, note FROM migrate_rehearse('tenant', 'shop', 'round trip');
\echo -- downgrades
SELECT migrate_apply('1');
SELECT statement, locks FROM migrate_rehearse('-1', action => 'revert');
SELECT count(*) FROM users;
\echo -- failures are those of a run
SELECT migrate_add($$-- migrate:revision b
-- migrate:revises a
-- migrate:up
CREATE TABLE fine (id integer PRIMARY KEY);
CREATE TABLE child (p integer REFERENCES fine DEFERRABLE INITIALLY DEFERRED);
INSERT INTO child VALUES (1);
-- migrate:revision c
-- migrate:revises a
-- migrate:up
CREATE TABLE fine (id integer);
SELECT 1/0;
$$);
\set VERBOSITY default
SELECT * FROM migrate_rehearse('b');
SELECT * FROM migrate_rehearse('c');
SELECT * FROM migrate_rehearse('c', action => 'twice');
SET default_transaction_read_only = on;
SELECT * FROM migrate_rehearse('c');
RESET default_transaction_read_only;
BEGIN READ ONLY;
SELECT * FROM migrate_rehearse('c');
ROLLBACK;
SELECT to_regclass('fine'), to_regclass('child');
\echo -- what is half done: the rest of it
SELECT migrate_add($$-- migrate:revision half
-- migrate:revises base
-- migrate:up transaction:false
CREATE TABLE done_half ();
INSERT INTO done_half SELECT FROM missing;
SELECT count(*) FROM done_half;
-- migrate:down
DROP TABLE done_half;
$$);
CALL migrate_run('half');
CREATE TABLE missing ();
SELECT line, statement, rows FROM migrate_rehearse('half');
SELECT * FROM migrate_rehearse('half', action => 'round trip');
SELECT count(*) FROM migrate_partial;
\echo -- a role without rights
CREATE ROLE poor_rehearser;
CREATE SCHEMA hers AUTHORIZATION poor_rehearser;
SET ROLE poor_rehearser;
SELECT * FROM migrate_rehearse('half');
RESET ROLE;
GRANT SELECT ON migrate_revision, migrate_applied, migrate_partial,
  migrate_state TO poor_rehearser;
SET ROLE poor_rehearser;
SELECT * FROM migrate_rehearse('half');
RESET ROLE;
GRANT UPDATE ON migrate_state TO poor_rehearser;
SET ROLE poor_rehearser;
SELECT * FROM migrate_rehearse('half');
RESET ROLE;
DROP OWNED BY poor_rehearser;
DROP ROLE poor_rehearser;
