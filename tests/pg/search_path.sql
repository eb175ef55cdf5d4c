-- Whatever the caller's search_path holds, the engine's own queries mean the
-- server's operators and functions and the extension's tables; the scripts
-- mean what the caller would.
SET client_min_messages = warning;
CREATE SCHEMA safe;
CREATE EXTENSION migrate SCHEMA safe;

CREATE SCHEMA evil;
CREATE FUNCTION evil.trap() RETURNS boolean LANGUAGE plpgsql AS
  $$BEGIN RAISE EXCEPTION 'trapped as %', current_user; END$$;
CREATE FUNCTION evil.same(a text, b text) RETURNS boolean LANGUAGE sql AS
  'SELECT evil.trap()';
CREATE FUNCTION evil.same(a text, b name) RETURNS boolean LANGUAGE sql AS
  'SELECT evil.trap()';
CREATE FUNCTION evil.greater(a bigint, b bigint) RETURNS boolean LANGUAGE sql
  AS 'SELECT evil.trap()';
CREATE FUNCTION evil.times(a numeric, b integer) RETURNS numeric LANGUAGE sql
  AS 'SELECT CAST(evil.trap() AS text)::numeric';
CREATE FUNCTION evil.joined(a text, b text) RETURNS text LANGUAGE sql AS
  'SELECT CAST(evil.trap() AS text)';
CREATE FUNCTION evil.lower(a text) RETURNS text LANGUAGE sql AS
  'SELECT CAST(evil.trap() AS text)';
CREATE FUNCTION evil.to_char(a timestamptz, b text) RETURNS text LANGUAGE sql
  AS 'SELECT CAST(evil.trap() AS text)';
CREATE FUNCTION evil.date_part(a text, b timestamptz) RETURNS float8
  LANGUAGE sql AS 'SELECT CAST(CAST(evil.trap() AS text) AS float8)';
CREATE FUNCTION evil.pg_has_role(a oid, b name, c text) RETURNS boolean
  LANGUAGE sql AS 'SELECT evil.trap()';
CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.same);
CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = name, FUNCTION = evil.same);
CREATE OPERATOR evil.> (LEFTARG = bigint, RIGHTARG = bigint,
  FUNCTION = evil.greater);
CREATE OPERATOR evil.* (LEFTARG = numeric, RIGHTARG = integer,
  FUNCTION = evil.times);
CREATE OPERATOR evil.|| (LEFTARG = text, RIGHTARG = text,
  FUNCTION = evil.joined);
CREATE DOMAIN evil.text AS pg_catalog.text CHECK (evil.trap());
CREATE DOMAIN evil.timestamptz AS pg_catalog.timestamptz CHECK (evil.trap());
CREATE VIEW evil.migrate_state AS SELECT evil.trap();
CREATE VIEW evil.migrate_revision AS SELECT evil.trap();
CREATE VIEW evil.pg_roles AS SELECT evil.trap();

SET search_path = evil, pg_catalog, safe, public;
CREATE TEMPORARY TABLE migrate_applied (a integer);
CREATE TEMPORARY TABLE pg_roles (a integer);
SELECT 'a'::pg_catalog.text = 'b'::pg_catalog.text;

SELECT migrate_add($$
-- migrate:revision a
-- migrate:revises base
-- migrate:created 2026-01-29T04:56:46Z
-- migrate:up
CREATE TABLE public.made AS
  SELECT pg_catalog.current_setting('search_path') AS path;
-- migrate:verify
SELECT OPERATOR(pg_catalog.-) (- 1);
-- migrate:down
DROP TABLE public.made;
$$);
SELECT migrate_apply();
SELECT path FROM public.made;
SHOW search_path;
SELECT revision, state FROM migrate_status();
SELECT revision, created_at FROM migrate_history();
SELECT revision FROM migrate_plan('base', 'revert');
SELECT problem FROM migrate_verify();
SELECT migrate_check();
SELECT migrate_stamp('base');
SELECT migrate_stamp('a');
SELECT migrate_revert('base');
SELECT migrate_remove('a');

-- The names of scripts are looked up where the caller would.
SELECT migrate_add($$
-- migrate:revision b
-- migrate:revises base
-- migrate:up
SELECT 'a'::pg_catalog.text = 'b'::pg_catalog.text;
$$);
SELECT migrate_apply();

-- A failure leaves the path as it was.
SHOW search_path;

RESET search_path;
DROP EXTENSION migrate;
