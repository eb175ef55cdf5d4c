-- Where nothing may be written, looking works.
SET client_min_messages = warning;
CREATE EXTENSION migrate;
-- No row of its own is needed to look.
BEGIN READ ONLY;
SELECT * FROM migrate_status();
SELECT migrate_apply();
SELECT migrate_check();
COMMIT;
SELECT * FROM migrate_state;
SELECT migrate_add($$
-- migrate:revision a
-- migrate:revises base
-- migrate:up
CREATE TABLE t ();
-- migrate:down
DROP TABLE t;
$$);
CREATE FUNCTION fails(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE statement;
  RETURN 'did not fail';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END$$;
BEGIN READ ONLY;
SELECT revision, state FROM migrate_status();
SELECT revision FROM migrate_plan();
SELECT migrate_graph();
SELECT migrate_script('a') LIKE '%CREATE TABLE t%';
SELECT problem FROM migrate_verify();
SELECT length(migrate_sql()) > 0;
SELECT migrate_revision('a new one') LIKE '-- %a_new_one.sql%';
SELECT fails('SELECT migrate_apply()');
SELECT fails('SELECT migrate_revert(''base'')');
SELECT fails('SELECT migrate_stamp(''a'')');
SELECT fails('SELECT migrate_add(migrate_script(''a''))');
SELECT fails('SELECT migrate_remove(''a'')');
COMMIT;
SELECT migrate_apply();
BEGIN READ ONLY;
SELECT migrate_apply();
SELECT revision FROM migrate_current();
SELECT migrate_check();
COMMIT;

-- A statement that adds and applies sees what it did itself.
SELECT migrate_add($$
-- migrate:revision b
-- migrate:revises a
-- migrate:up
CREATE TABLE u ();
$$), migrate_apply(), migrate_apply();
DO $$
BEGIN
  PERFORM migrate_add(E'-- migrate:revision c\n-- migrate:revises b\n-- migrate:up\n');
  PERFORM migrate_apply();
  RAISE WARNING '%', (SELECT revision FROM migrate_current());
END$$;

-- In a prepared statement, and again.
PREPARE p AS SELECT migrate_apply($1);
EXECUTE p('head');
EXECUTE p('c');
-- As a cursor that outlives nothing.
BEGIN;
DECLARE c CURSOR FOR SELECT revision FROM migrate_status();
FETCH 2 FROM c;
SELECT migrate_add(E'-- migrate:revision d\n-- migrate:revises c\n-- migrate:up\n');
FETCH 2 FROM c;
COMMIT;

DROP EXTENSION migrate;
