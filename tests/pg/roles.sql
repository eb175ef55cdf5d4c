-- Who may do what, and whose scripts run with whose rights.
SET client_min_messages = warning;
CREATE EXTENSION migrate;
CREATE ROLE mig_runner;
CREATE ROLE mig_writer;
CREATE ROLE mig_reader;
CREATE ROLE mig_stranger;
GRANT CREATE ON SCHEMA public TO mig_runner, mig_writer;

-- Without grants nothing works, and nothing is hidden behind our words.
SET ROLE mig_stranger;
SELECT * FROM migrate_status();
SELECT migrate_add(E'-- migrate:revision x\n-- migrate:up\n');
SELECT migrate_apply();
SELECT migrate_load('/etc');
SELECT migrate_revision('a message', '/tmp');
SELECT migrate_dialect();
RESET ROLE;

-- The least for each kind of role.
GRANT SELECT ON migrate_revision, migrate_applied, migrate_state,
  migrate_partial, migrate_setting TO mig_reader, mig_runner, mig_writer;
GRANT INSERT, DELETE ON migrate_applied TO mig_runner;
GRANT INSERT ON migrate_log TO mig_runner;
GRANT INSERT, UPDATE ON migrate_state TO mig_runner, mig_writer;
GRANT INSERT, UPDATE, DELETE ON migrate_revision TO mig_writer;

SET ROLE mig_writer;
SELECT migrate_add($$
-- migrate:revision w1
-- migrate:revises base
-- migrate:up
CREATE TABLE by_writer (id int);
-- migrate:down
DROP TABLE by_writer;
$$);
SELECT migrate_apply();
RESET ROLE;
SELECT revision, loaded_by FROM migrate_revision ORDER BY revision;

SET ROLE mig_reader;
SELECT revision, state FROM migrate_status();
SELECT revision FROM migrate_heads();
SELECT revision FROM migrate_plan();
SELECT migrate_graph();
SELECT migrate_check();
SELECT migrate_add(E'-- migrate:revision r1\n-- migrate:up\n');
SELECT migrate_apply();
RESET ROLE;

-- The writer cannot become the runner: his script does not run as it.
SET ROLE mig_runner;
SELECT migrate_apply();
RESET ROLE;
-- Nor as a superuser.
SELECT migrate_apply();
SELECT * FROM migrate_applied;
-- He can: it does.
GRANT mig_runner TO mig_writer;
SET ROLE mig_runner;
SELECT migrate_apply();
RESET ROLE;
SELECT tablename, tableowner FROM pg_tables WHERE tablename = 'by_writer';
SELECT revision, applied_by FROM migrate_applied;
SELECT action, revision, who, client FROM migrate_log ORDER BY id;
SET ROLE mig_runner;
SELECT migrate_revert('base');
RESET ROLE;
REVOKE mig_runner FROM mig_writer;
-- A superuser's script runs as anybody.
UPDATE migrate_revision SET loaded_by = current_user WHERE revision = 'w1';
SET ROLE mig_runner;
SELECT migrate_apply();
SELECT migrate_revert('base');
RESET ROLE;

-- Nobody signs with another's name.
SET ROLE mig_writer;
UPDATE migrate_revision SET loaded_by = 'mig_runner' RETURNING loaded_by;
UPDATE migrate_revision SET script = script || ' ' RETURNING loaded_by;
UPDATE migrate_revision SET loaded_by = 'postgres' RETURNING loaded_by;
UPDATE migrate_revision SET labels = 'x', loaded_by = 'postgres'
RETURNING loaded_by;
UPDATE migrate_revision SET labels = NULL, loaded_by = 'postgres'
RETURNING loaded_by;
INSERT INTO migrate_revision (revision, message, checksum, chain, loaded_at,
  loaded_by, position, transactional, statements, script)
VALUES ('forged', '', '', '', now(), 'postgres', 9, true, 0, '')
RETURNING loaded_by;
INSERT INTO migrate_revision (revision, message, checksum, chain, loaded_at,
  loaded_by, position, transactional, statements, script)
VALUES ('forged', '', '', '', now(), 'postgres', 9, true, 0, '')
ON CONFLICT (revision) DO UPDATE SET loaded_by = 'postgres', script = 'evil'
RETURNING loaded_by;
DELETE FROM migrate_revision WHERE revision = 'forged';
COPY migrate_revision (revision, revises, depends, labels, message,
created_at, checksum, chain, source, loaded_at, loaded_by, position,
transactional, statements, script) FROM stdin;
copied	\N	\N	\N		\N	a	b	\N	2026-01-01	postgres	7	t	0	s
\.
SELECT loaded_by FROM migrate_revision WHERE revision = 'copied';
ALTER TABLE migrate_revision DISABLE TRIGGER migrate_guard;
SET session_replication_role = replica;
RESET ROLE;
-- Row triggers of replicas fire too.
SET session_replication_role = replica;
SET ROLE mig_writer;
UPDATE migrate_revision SET loaded_by = 'postgres', script = 'evil'
WHERE revision = 'copied' RETURNING loaded_by;
RESET ROLE;
RESET session_replication_role;
DELETE FROM migrate_revision WHERE revision = 'copied';
SELECT migrate_guard();

-- Storing the same again as another takes it over.
SELECT loaded_by FROM migrate_revision;
SELECT migrate_add(migrate_script('w1'));
SELECT loaded_by FROM migrate_revision;
SELECT migrate_add(migrate_script('w1'));

-- Replacing an applied script takes the rights of both.
SELECT migrate_apply();
CREATE ROLE mig_both IN ROLE mig_writer;
SET ROLE mig_both;
SELECT migrate_replace(replace(migrate_script('w1'), '(id int)', '(id bigint)'));
RESET ROLE;
GRANT UPDATE ON migrate_applied, migrate_partial TO mig_both;
GRANT INSERT ON migrate_log TO mig_both;
SET ROLE mig_both;
SELECT migrate_replace(replace(migrate_script('w1'), '(id int)', '(id bigint)'));
RESET ROLE;
SELECT revision, loaded_by FROM migrate_revision;

-- A role with the rights of the owner is the owner.
CREATE ROLE mig_owner;
ALTER TABLE migrate_revision OWNER TO mig_owner;
GRANT mig_owner TO mig_writer;
SET ROLE mig_writer;
UPDATE migrate_revision SET loaded_by = 'postgres' RETURNING loaded_by;
RESET ROLE;

DROP EXTENSION migrate;
DROP OWNED BY mig_runner, mig_writer, mig_reader, mig_both;
DROP ROLE mig_runner, mig_writer, mig_both, mig_reader, mig_stranger, mig_owner;
