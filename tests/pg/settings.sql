-- What a script sets does not outlive its revision.
SET client_min_messages = warning;
CREATE EXTENSION migrate;
CREATE ROLE mig_other;
GRANT CREATE ON SCHEMA public TO mig_other;
CREATE SCHEMA app;
CREATE TABLE seen (at text, path text, level text, custom text, who text,
  session text, style text);
GRANT INSERT ON seen TO PUBLIC;
CREATE FUNCTION look(text) RETURNS void LANGUAGE sql AS $$
  INSERT INTO public.seen VALUES ($1, current_setting('search_path'),
    current_setting('statement_timeout'), current_setting('my.custom', true),
    current_user, session_user, current_setting('datestyle'))
$$;
SET statement_timeout = '77s';

SELECT migrate_add($$
-- migrate:revision a
-- migrate:revises base
-- migrate:up
SELECT public.look('a before');
SELECT pg_catalog.set_config('search_path', '', false);
SET statement_timeout = '1h';
SET LOCAL datestyle = 'German';
SET my.custom = 'script';
SET SESSION AUTHORIZATION mig_other;
SET ROLE mig_other;
SELECT public.look('a behind');

-- migrate:revision b
-- migrate:revises a
-- migrate:up
SELECT look('b before');
SET ROLE mig_other;
RESET statement_timeout;
SET LOCAL search_path = app;
CREATE TABLE public.by_other ();
SELECT public.look('b behind');

-- migrate:revision c
-- migrate:revises b
-- migrate:up
SELECT look('c');
RESET ALL;

-- migrate:revision d
-- migrate:revises c
-- migrate:up
SELECT look('d');
$$);
BEGIN;
SELECT migrate_apply();
SELECT look('transaction');
COMMIT;
SELECT look('session');
SELECT * FROM seen;
SELECT tableowner FROM pg_tables WHERE tablename = 'by_other';
SELECT applied_by FROM migrate_applied;

-- With a schema, the path is that schema, and the state its own.
TRUNCATE seen;
CREATE SCHEMA "Tenant ""one""";
SELECT migrate_stamp('c', schema => 'Tenant "one"');
SELECT migrate_add($$
-- migrate:revision e
-- migrate:revises d
-- migrate:up
SELECT public.look('e');
CREATE TABLE here ();
$$);
SELECT migrate_stamp('d', false, 'Tenant "one"');
SELECT migrate_apply('head', 'Tenant "one"');
SELECT at, path FROM seen;
SELECT schemaname FROM pg_tables WHERE tablename = 'here';
SELECT DISTINCT schema FROM migrate_applied ORDER BY schema;
SELECT revision FROM migrate_current('Tenant "one"');
SELECT revision FROM migrate_current();
SHOW search_path;
SELECT migrate_apply('head', 'missing');
SELECT revision FROM migrate_current('missing');
GRANT ALL ON ALL TABLES IN SCHEMA public TO mig_other;
SET ROLE mig_other;
SELECT migrate_apply('head', 'app');
RESET ROLE;

-- An error puts everything back as well.
SELECT migrate_add($$
-- migrate:revision f
-- migrate:revises e
-- migrate:up
SET statement_timeout = '2h';
SET ROLE mig_other;
SELECT 1 / 0;
$$);
BEGIN;
SAVEPOINT s;
SELECT migrate_apply();
ROLLBACK TO s;
SELECT current_user, current_setting('statement_timeout'),
  current_setting('search_path');
COMMIT;
SELECT migrate_apply('e');

DROP EXTENSION migrate;
DROP OWNED BY mig_other CASCADE;
DROP ROLE mig_other;
