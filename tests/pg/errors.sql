-- The server's own errors, with all their fields, and the place in the script.
SET client_min_messages = warning;
CREATE EXTENSION migrate;
CREATE TABLE account (
  id integer PRIMARY KEY,
  owner text CONSTRAINT owner_is_named CHECK (owner <> '')
);
CREATE FUNCTION inner_error() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  x integer;
BEGIN
  EXECUTE 'SELECT
    nothing_of_this_name' INTO x;
  RETURN x;
END$$;
-- Every field of the error that a statement ends with.
CREATE PROCEDURE fields(statement text) LANGUAGE plpgsql AS $$
DECLARE
  code text;
  message text;
  detail text;
  hint text;
  tab text;
  con text;
  context text;
BEGIN
  EXECUTE statement;
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
    detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT,
    tab = TABLE_NAME, con = CONSTRAINT_NAME, context = PG_EXCEPTION_CONTEXT;
  RAISE WARNING E'% %\n%\n\n', code, message,
    concat_ws(E'\n', 'detail: ' || nullif(detail, ''),
      'hint: ' || nullif(hint, ''), 'table: ' || nullif(tab, ''),
      'constraint: ' || nullif(con, ''),
      regexp_replace(context,
        E'(^|\\n)SQL statement "SELECT migrate[^\\n]*\\nPL/pgSQL function fields.*',
        ''));
END$$;
-- The same for a script that is to fail.
CREATE PROCEDURE try(script text) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM migrate_add(format(E'-- migrate:revision t\n%s\n%s\n',
    E'-- migrate:revises base\n-- migrate:up', script));
  CALL fields('SELECT migrate_apply()');
  IF (SELECT count(*) = 0 FROM migrate_applied) THEN
    PERFORM migrate_remove('t');
  END IF;
END$$;

CALL try($$INSERT INTO account VALUES (1, 'a'), (1, 'b')$$);
CALL try($$
INSERT INTO account VALUES (1, '');
$$);
CALL try($$
DO $x$
BEGIN
  RAISE EXCEPTION 'own' USING DETAIL = 'its detail', HINT = 'its hint',
    ERRCODE = 'XX123', TABLE = 'its table';
END$x$;$$);
-- Lines are those of the script, not of the statement.
CALL try($$
CREATE TABLE a (
  b integer,
  c nothing,
  d integer
);$$);
CALL try($$
SELECT 1;
SELECT 1,
  2,
  'é', nothing
  FROM account;$$);
CALL try($$
CREATE VIEW v AS

  SELEC 1;$$);
-- A place in another statement says nothing about the script.
CALL try($$
SELECT 1,
  inner_error();
$$);
CALL try($$
CREATE TABLE x AS
SELECT
  inner_error();
$$);
-- While rows come, and before.
CALL try($$
SELECT 1 / (5 - i)
  FROM generate_series(1, 9) AS i;
$$);
CALL try($$SELECT 1 / 0;$$);
CALL try($$INSERT INTO account SELECT 1 / 0 RETURNING id;$$);
-- What a script cannot do.
CALL try($$COPY account TO stdout;$$);
CALL try($$DO 'BEGIN COMMIT; END';$$);
CALL try($$CREATE PROCEDURE p() LANGUAGE plpgsql AS 'BEGIN ROLLBACK; END';
CALL p();$$);
CALL try($$SELECT migrate_add('x');$$);
CALL try($$SELECT migrate_add(E'-- migrate:revision z\n-- migrate:up\n');$$);
CALL try($$SELECT migrate_apply();$$);
CALL try($$SELECT migrate_stamp('head');$$);
CALL try($$SELECT migrate_revert('base');$$);
-- What looks is let look.
CALL try($$SELECT count(*) FROM migrate_status();
SELECT migrate_check();$$);
CALL try(E'-- migrate:verify\nSELECT true UNION ALL SELECT false;');

-- A new value of an enum is usable once it is committed.
CREATE TYPE mood AS ENUM ('good');
SELECT migrate_add($$
-- migrate:revision e1
-- migrate:revises base
-- migrate:up
ALTER TYPE mood ADD VALUE 'bad';
-- migrate:revision e2
-- migrate:revises e1
-- migrate:up
CREATE TABLE how (
  m mood DEFAULT 'bad'
);
$$);
CALL fields('SELECT migrate_apply()');
SELECT migrate_apply('e1');
SELECT migrate_apply();

-- Errors of migrate itself have codes by their kind.
CALL fields($$SELECT migrate_add(NULL)$$);
CALL fields($$SELECT migrate_add(E'-- migrate:revision q\n-- migrate:u\n')$$);
CALL fields($$SELECT migrate_add(E'-- migrate:revision q\n-- migrate:revises zz\n-- migrate:up\n')$$);
CALL fields($$SELECT migrate_apply('zz')$$);
CALL fields($$SELECT migrate_remove('e1')$$);
CALL fields($$SELECT migrate_graph('png')$$);
CALL fields($$SELECT migrate_load('/nowhere/at/all')$$);

-- As psql shows it.
SELECT migrate_add($$
-- migrate:revision s
-- migrate:revises e2
-- migrate:up
SELECT 1;

SELECT *
  FROM accounts;
$$);
\set VERBOSITY default
SELECT migrate_apply();

-- Where a row function may not stand.
SELECT migrate_heads();
SELECT CASE WHEN true THEN migrate_heads() END;

DROP EXTENSION migrate;
