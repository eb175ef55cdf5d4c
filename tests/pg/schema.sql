-- The extension lives in any schema, goes and comes back.
SET client_min_messages = warning;
CREATE SCHEMA "Odd ""schema""";
CREATE EXTENSION migrate SCHEMA "Odd ""schema""";
SELECT nspname, count(*) FROM pg_proc AS p JOIN pg_namespace AS n
ON n.oid = pronamespace WHERE proname LIKE 'migrate%' GROUP BY 1;
SELECT "Odd ""schema""".migrate_add(
  E'-- migrate:revision a\n-- migrate:revises base\n-- migrate:up\nSELECT 1');
SELECT "Odd ""schema""".migrate_apply();
SELECT revision, state FROM "Odd ""schema""".migrate_status();
ALTER EXTENSION migrate SET SCHEMA public;
-- Another name for the schema is another text for the kept plans.
ALTER SCHEMA "Odd ""schema""" RENAME TO plain;
SELECT revision, state FROM plain.migrate_status();
SELECT plain.migrate_revert('base');
DROP EXTENSION migrate;
CREATE EXTENSION migrate;
SELECT * FROM migrate_status();
SELECT migrate_add(
  E'-- migrate:revision b\n-- migrate:revises base\n-- migrate:up\nSELECT 1');
SELECT migrate_apply();
DROP EXTENSION migrate;
CREATE EXTENSION migrate;
SELECT * FROM migrate_status();
SELECT migrate_apply();
-- Nothing of it is left behind, and everything says what it is.
SELECT pg_describe_object(classid, objid, 0) AS undescribed
FROM pg_depend AS d
WHERE refclassid = 'pg_extension'::regclass
  AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'migrate')
  AND deptype = 'e'
  AND classid <> 'pg_type'::regclass
  AND obj_description(objid, classid::regclass::name) IS NULL;
SELECT attrelid::regclass, attname AS undescribed
FROM pg_attribute
WHERE attrelid::regclass::text LIKE 'migrate%' AND attnum > 0
  AND attrelid IN (SELECT oid FROM pg_class WHERE relkind = 'r')
  AND col_description(attrelid, attnum) IS NULL;
SELECT proname, provolatile AS v, proparallel AS p, prosecdef AS s,
  proisstrict AS strict, pg_get_function_arguments(oid) AS arguments,
  pg_get_function_result(oid) AS result
FROM pg_proc WHERE proname LIKE 'migrate%' ORDER BY proname COLLATE "C";
\d migrate_revision
\d migrate_applied
\d migrate_log
\d migrate_setting
\d migrate_state
DROP EXTENSION migrate;
SELECT oid::regclass FROM pg_class WHERE relname LIKE 'migrate%';
DROP SCHEMA plain;
