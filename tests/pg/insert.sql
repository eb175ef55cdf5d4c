-- New rows of migrate_revision go past the executor where nobody has a say in
-- them. Whatever somebody puts on the table has its say all the same.
SET client_min_messages = warning;
\set VERBOSITY terse
CREATE EXTENSION migrate;
CREATE ROLE mig_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON migrate_revision, migrate_state
TO mig_writer;
GRANT SELECT ON migrate_applied TO mig_writer;
CREATE FUNCTION two(message text DEFAULT 'x') RETURNS text LANGUAGE sql AS $$
SELECT format(E'-- migrate:revision a\n-- migrate:revises base\n'
  '-- migrate:message %s\n-- migrate:created 2026-01-02T03:04:05.678901Z\n'
  '-- migrate:up\nSELECT 1;\nSELECT 2;\n'
  '-- migrate:revision b\n-- migrate:depends a\n-- migrate:labels lab\n'
  '-- migrate:up transaction:false\nVACUUM;\n', message)
$$;
CREATE VIEW seen AS
SELECT revision, revises, depends, labels, message, position AS pos,
  transactional AS t, statements AS n, created_at AT TIME ZONE 'UTC' AS created,
  length(checksum) AS sum, length(chain) AS chain, source, loaded_by,
  loaded_at = now() OR loaded_at > now() AS new, length(script) AS script
FROM migrate_revision ORDER BY position;
GRANT SELECT ON seen TO mig_writer;

-- As it was made.
BEGIN;
SET LOCAL ROLE mig_writer;
SELECT migrate_add(two());
SELECT * FROM seen;
SELECT migrate_script('a') || migrate_script('b') = two();
-- The indexes know them.
SET LOCAL enable_seqscan = off;
SELECT revision FROM migrate_revision WHERE revision = 'b';
SELECT revision FROM migrate_revision WHERE position = 1;
ROLLBACK;
-- Times before 1970, and of another zone.
BEGIN;
SELECT migrate_add(E'-- migrate:revision a\n-- migrate:created'
  ' 1969-07-20T02:56:15Z\n-- migrate:up\n-- migrate:revision b\n'
  '-- migrate:created 2026-03-01T00:00:00+02:00\n-- migrate:up\n');
SELECT created FROM seen;
ROLLBACK;

-- Rights on the table, on some columns, on all columns.
BEGIN;
REVOKE INSERT ON migrate_revision FROM mig_writer;
SAVEPOINT s;
SET LOCAL ROLE mig_writer;
SELECT migrate_add(two());
ROLLBACK TO s;
GRANT INSERT (revision, revises, depends, labels, message, position,
  transactional, statements, created_at, checksum, chain, source, loaded_at,
  loaded_by) ON migrate_revision TO mig_writer;
SAVEPOINT s;
SET LOCAL ROLE mig_writer;
SELECT migrate_add(two());
ROLLBACK TO s;
GRANT INSERT (script) ON migrate_revision TO mig_writer;
SET LOCAL ROLE mig_writer;
SELECT migrate_add(two());
ROLLBACK;

-- Triggers, before and after, for each row and with all rows.
CREATE TABLE heard (n serial, what text);
GRANT INSERT ON heard TO mig_writer;
GRANT USAGE ON heard_n_seq TO mig_writer;
CREATE FUNCTION hear() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_LEVEL = 'ROW' THEN
    INSERT INTO public.heard (what) VALUES (TG_NAME || ' ' || NEW.revision);
    NEW.message = NEW.message || ' heard';
    RETURN NEW;
  END IF;
  INSERT INTO public.heard (what) SELECT TG_NAME || ' ' || count(*) FROM added;
  RETURN NULL;
END$$;
BEGIN;
CREATE TRIGGER row_before BEFORE INSERT ON migrate_revision
FOR EACH ROW EXECUTE FUNCTION hear();
CREATE TRIGGER row_after AFTER INSERT ON migrate_revision
FOR EACH ROW EXECUTE FUNCTION hear();
CREATE TRIGGER tell_all AFTER INSERT ON migrate_revision
REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION hear();
SET LOCAL ROLE mig_writer;
SELECT migrate_add(two());
RESET ROLE;
SELECT message, loaded_by FROM seen;
SELECT what FROM heard ORDER BY n;
ROLLBACK;
-- A trigger that waits for the end of the transaction.
BEGIN;
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON migrate_revision
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hear();
SELECT migrate_add(two());
SELECT what FROM heard ORDER BY n;
SET CONSTRAINTS ALL IMMEDIATE;
SELECT what FROM heard ORDER BY n;
ROLLBACK;

-- The guard, when its owner has taken it off or changed it.
CREATE FUNCTION sign() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.loaded_by = 'signed';
  RETURN NEW;
END$$;
BEGIN;
ALTER TABLE migrate_revision DISABLE TRIGGER migrate_guard;
SELECT migrate_add(two());
SELECT loaded_by FROM seen;
ROLLBACK;
BEGIN;
ALTER TABLE migrate_revision DISABLE TRIGGER migrate_guard;
CREATE TRIGGER another BEFORE INSERT OR UPDATE ON migrate_revision
FOR EACH ROW EXECUTE FUNCTION sign();
SELECT migrate_add(two());
SELECT loaded_by FROM seen;
ROLLBACK;
BEGIN;
ALTER EXTENSION migrate DROP FUNCTION migrate_guard();
CREATE OR REPLACE FUNCTION migrate_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.loaded_by = 'replaced';
  RETURN NEW;
END$$;
SELECT migrate_add(two());
SELECT loaded_by FROM seen;
ROLLBACK;

-- Rules and policies.
BEGIN;
CREATE RULE note AS ON INSERT TO migrate_revision
DO ALSO INSERT INTO public.heard (what) VALUES (NEW.revision);
SELECT migrate_add(two());
SELECT what FROM heard ORDER BY n;
ROLLBACK;
BEGIN;
CREATE POLICY writes ON migrate_revision TO mig_writer
USING (true) WITH CHECK (message <> 'secret');
ALTER TABLE migrate_revision ENABLE ROW LEVEL SECURITY;
SET LOCAL ROLE mig_writer;
SELECT migrate_add(two());
DELETE FROM migrate_revision;
SAVEPOINT s;
SELECT migrate_add(two('secret'));
ROLLBACK TO s;
SET LOCAL row_security = off;
SELECT migrate_add(two());
ROLLBACK;

-- Constraints, columns and indexes of somebody's own.
BEGIN;
ALTER TABLE migrate_revision ADD CONSTRAINT decent CHECK (message <> 'rude');
SELECT migrate_add(two());
DELETE FROM migrate_revision;
SELECT migrate_add(two('rude'));
ROLLBACK;
BEGIN;
ALTER TABLE migrate_revision ADD COLUMN team text DEFAULT 'us',
  ADD COLUMN upper_id text GENERATED ALWAYS AS (upper(revision)) STORED;
SELECT migrate_add(two());
SELECT revision, team, upper_id FROM migrate_revision ORDER BY position;
ROLLBACK;
BEGIN;
ALTER TABLE migrate_revision ALTER COLUMN labels SET NOT NULL;
SELECT migrate_add(two());
ROLLBACK;
BEGIN;
ALTER TABLE migrate_revision ALTER COLUMN position
ADD GENERATED ALWAYS AS IDENTITY;
SELECT migrate_add(two());
ROLLBACK;
BEGIN;
CREATE UNIQUE INDEX one_message ON migrate_revision (lower(message))
WHERE message <> '';
SELECT migrate_add(two());
DELETE FROM migrate_revision;
SELECT migrate_add(replace(two('Same'), '-- migrate:depends a',
  E'-- migrate:depends a\n-- migrate:message same'));
ROLLBACK;
BEGIN;
ALTER TABLE migrate_revision
ADD CONSTRAINT late UNIQUE (message) DEFERRABLE INITIALLY DEFERRED;
SELECT migrate_add(replace(two('same'), '-- migrate:depends a',
  E'-- migrate:depends a\n-- migrate:message same'));
SET CONSTRAINTS ALL IMMEDIATE;
ROLLBACK;
-- A view in its place.
BEGIN;
ALTER TABLE migrate_revision RENAME TO in_truth;
CREATE VIEW migrate_revision AS SELECT * FROM in_truth;
SELECT migrate_add(two());
SELECT revision, loaded_by FROM in_truth ORDER BY position;
ROLLBACK;
-- Long scripts are stored out of line.
BEGIN;
SELECT migrate_add(two() || '-- ' || string_agg(md5(i::text), '' ORDER BY i))
FROM generate_series(1, 1000) AS i;
SELECT length(script) FROM migrate_revision WHERE revision = 'b';
ROLLBACK;

DROP VIEW seen;
DROP TABLE heard;
DROP FUNCTION two(text), hear(), sign();
DROP EXTENSION migrate;
DROP OWNED BY mig_writer;
DROP ROLE mig_writer;
