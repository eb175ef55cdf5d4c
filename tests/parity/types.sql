CREATE TABLE users (id bigint PRIMARY KEY, email varchar(20), born date, ok boolean, note text);
CREATE TABLE a_table (n numeric(5,2), f double precision, s smallint);

--# every column, by table and place
SELECT table_name, column_name, family FROM migrate_types() WHERE table_name = 'users';
SELECT column_name, family FROM migrate_types() WHERE table_name = 'a_table';
SELECT count(*) FROM migrate_types() WHERE table_name LIKE 'migrate%';

--# nothing to find, and a table that is not there
SELECT count(*) FROM migrate_type_check();
SELECT count(*) FROM migrate_type_check('users');
SELECT count(*) FROM migrate_type_check('user');

--# one value
SELECT migrate_type_problem('SMALLINT', 'integer', '32768');
SELECT coalesce(migrate_type_problem('SMALLINT', 'integer', '32767'), 'none');
SELECT migrate_type_problem('DATE', 'text', '2026-02-30');
SELECT migrate_type_problem('DATE', 'integer', '20260129');
SELECT migrate_type_problem('uuid text', 'text', 'x');
SELECT migrate_type_problem('json text', 'text', '[1,]');
SELECT migrate_type_problem('NUMERIC(5,2)', 'real', '999.995');
SELECT coalesce(migrate_type_problem('BOOLEAN', 'null', NULL), 'none');
SELECT coalesce(migrate_type_problem('BOOLEAN', 'text'), 'none');
SELECT migrate_type_problem('BOOLEAN', 'number', '1');
SELECT migrate_type_problem('BOOLEAN', 'integer', 'x');
SELECT migrate_type_problem(NULL, 'integer', 'x');

--# what is one in PostgreSQL
SELECT migrate_type_key('uuid', 'text', '{ABCDEF00-1111-2222-3333-444444444444}');
SELECT migrate_type_key('DATETIME', 'text', '2026-01-29T00:00:00Z');
SELECT migrate_type_key('DATETIME', 'text', '2026-01-29');
SELECT migrate_type_key('NUMERIC(5,2)', 'real', '1.001');
SELECT migrate_type_key('BOOLEAN', 'text', 'off');
SELECT migrate_type_key('TEXT', 'text', 'as it is');

--# the schema, without the engine's own tables
SELECT migrate_add('-- migrate:revision r1
-- migrate:up
SELECT 1;');
SELECT migrate_apply('head');
CREATE INDEX users_email ON users (email);
CREATE VIEW mails AS SELECT email FROM users;
SELECT kind, table_name, name FROM migrate_schema() WHERE kind IN ('table', 'column', 'index', 'view');

--# its fingerprint
CREATE TABLE seen (at text, value text);
INSERT INTO seen SELECT 'first', migrate_schema_fingerprint();
CREATE INDEX users_born ON users (born);
INSERT INTO seen SELECT 'with index', migrate_schema_fingerprint();
DROP INDEX users_born;
INSERT INTO seen SELECT 'without', migrate_schema_fingerprint();
DROP VIEW mails;
CREATE VIEW mails AS SELECT email AS mail FROM users;
INSERT INTO seen SELECT 'other view', migrate_schema_fingerprint();
SELECT at, length(value) FROM seen WHERE value = (SELECT value FROM seen WHERE at = 'first') ORDER BY at;
SELECT count(DISTINCT value) FROM seen;
