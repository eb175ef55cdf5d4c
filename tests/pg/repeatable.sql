-- Repeatable scripts of tenants: each schema has run its own.
SET client_min_messages = warning;
CREATE EXTENSION migrate;
CREATE SCHEMA one;
CREATE SCHEMA two;
SELECT migrate_add('-- migrate:revision a
-- migrate:revises base
-- migrate:up
CREATE TABLE users (name text, mail text);
-- migrate:down
DROP TABLE users CASCADE;
-- migrate:revision names
-- migrate:repeatable
-- migrate:up
CREATE OR REPLACE VIEW names AS SELECT name FROM users;
-- migrate:revision short
-- migrate:repeatable
-- migrate:depends names
-- migrate:up
CREATE OR REPLACE VIEW short AS SELECT left(name, 1) AS name FROM names;');
SELECT migrate_apply('heads', 'one'), migrate_apply('heads', 'two');
SELECT migrate_add('-- migrate:revision names
-- migrate:repeatable
-- migrate:up
DROP VIEW IF EXISTS names CASCADE;
CREATE VIEW names AS SELECT name, mail FROM users;');
-- CASCADE takes what depends on it, which is made again behind it.
SELECT migrate_apply('heads', 'one');
SELECT revision, state FROM migrate_status('one');
SELECT revision, state FROM migrate_status('two');
SELECT table_schema, table_name, count(*) FROM information_schema.columns
 WHERE table_schema IN ('one', 'two') GROUP BY 1, 2 ORDER BY 1, 2;
-- So does a revert, and the next run makes good for it; the other tenant is
-- left alone.
SELECT migrate_revert('base', 'one');
SELECT revision, state FROM migrate_status('one');
SELECT to_regclass('one.names') IS NULL AS gone;
SELECT migrate_check('two');
CALL migrate_run('heads', 'one');
SELECT table_name FROM information_schema.views WHERE table_schema = 'one'
 ORDER BY 1;
SELECT migrate_check('one');
SELECT migrate_apply('heads', 'two');
SELECT migrate_check('two');
SELECT schema, revision, count(*) FROM migrate_log WHERE action = 'apply'
 GROUP BY 1, 2 ORDER BY 1, 2;
