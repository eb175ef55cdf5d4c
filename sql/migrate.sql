-- The PostgreSQL extension: its tables and functions. docs/reference.md
-- describes them.

-- Not for psql itself.
\echo Use "CREATE EXTENSION migrate" to load this file. \quit

-- Names are compared by bytes, as everywhere else in migrate: "C".

CREATE TABLE migrate_revision (
  revision text COLLATE "C" PRIMARY KEY,
  revises text COLLATE "C",
  depends text COLLATE "C",
  labels text COLLATE "C",
  message text NOT NULL,
  created_at timestamptz,
  checksum text COLLATE "C" NOT NULL,
  chain text COLLATE "C" NOT NULL,
  source text,
  loaded_at timestamptz NOT NULL,
  loaded_by text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  transactional boolean NOT NULL,
  statements integer NOT NULL,
  script text NOT NULL
);

CREATE INDEX migrate_revision_position ON migrate_revision (position);

COMMENT ON TABLE migrate_revision IS
  'the scripts, one row a revision';
COMMENT ON COLUMN migrate_revision.revision IS 'its identifier';
COMMENT ON COLUMN migrate_revision.revises IS
  'what it comes after, separated by blanks; null: a base';
COMMENT ON COLUMN migrate_revision.depends IS
  'revisions or labels that must be applied before it';
COMMENT ON COLUMN migrate_revision.labels IS 'names of its branch';
COMMENT ON COLUMN migrate_revision.message IS 'what it does, in a few words';
COMMENT ON COLUMN migrate_revision.created_at IS
  'when it was written, by its header';
COMMENT ON COLUMN migrate_revision.checksum IS
  'SHA-256 over the tokens of its up sections';
COMMENT ON COLUMN migrate_revision.chain IS
  'SHA-256 over itself and everything that it builds on';
COMMENT ON COLUMN migrate_revision.source IS 'the file that it was read from';
COMMENT ON COLUMN migrate_revision.loaded_at IS 'when it was stored';
COMMENT ON COLUMN migrate_revision.loaded_by IS
  'the role that stored it; kept honest by a trigger';
COMMENT ON COLUMN migrate_revision.position IS
  'scripts are numbered as they come';
COMMENT ON COLUMN migrate_revision.transactional IS
  'whether it can run inside a transaction';
COMMENT ON COLUMN migrate_revision.statements IS
  'how many statements its up sections have here';
COMMENT ON COLUMN migrate_revision.script IS 'the script, byte for byte';

CREATE TABLE migrate_applied (
  schema text COLLATE "C" NOT NULL,
  revision text COLLATE "C" NOT NULL,
  checksum text COLLATE "C" NOT NULL,
  applied_at timestamptz NOT NULL,
  applied_by text COLLATE "C" NOT NULL,
  elapsed_ms bigint,
  PRIMARY KEY (schema, revision)
);

COMMENT ON TABLE migrate_applied IS
  'what is applied, one row a schema and revision';
COMMENT ON COLUMN migrate_applied.schema IS
  'the schema that the call named; empty: none';
COMMENT ON COLUMN migrate_applied.revision IS 'the revision';
COMMENT ON COLUMN migrate_applied.checksum IS 'of the script that ran';
COMMENT ON COLUMN migrate_applied.applied_at IS 'when it ran';
COMMENT ON COLUMN migrate_applied.applied_by IS 'the role that ran it';
COMMENT ON COLUMN migrate_applied.elapsed_ms IS
  'how long it took; null: it was stamped, not run';

CREATE TABLE migrate_log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  action text COLLATE "C" NOT NULL,
  schema text COLLATE "C" NOT NULL,
  revision text COLLATE "C",
  checksum text COLLATE "C",
  who text COLLATE "C" NOT NULL,
  client text,
  elapsed_ms bigint,
  version text COLLATE "C" NOT NULL,
  detail text
);

COMMENT ON TABLE migrate_log IS
  'everything that was done, one row a revision; rows are only added';
COMMENT ON SEQUENCE migrate_log_id_seq IS 'numbers the rows of migrate_log';
COMMENT ON COLUMN migrate_log.id IS 'numbers the rows';
COMMENT ON COLUMN migrate_log.at IS 'when it was done';
COMMENT ON COLUMN migrate_log.action IS
  'apply, revert, stamp, unstamp, replace or adopt';
COMMENT ON COLUMN migrate_log.schema IS
  'the schema that the call named; empty: none';
COMMENT ON COLUMN migrate_log.revision IS 'the revision';
COMMENT ON COLUMN migrate_log.checksum IS 'of its script';
COMMENT ON COLUMN migrate_log.who IS 'the role';
COMMENT ON COLUMN migrate_log.client IS 'its address and application';
COMMENT ON COLUMN migrate_log.elapsed_ms IS 'how long it took';
COMMENT ON COLUMN migrate_log.version IS 'the version of the extension';
COMMENT ON COLUMN migrate_log.detail IS 'what else there is to say';

CREATE TABLE migrate_setting (
  name text COLLATE "C" PRIMARY KEY,
  value text NOT NULL
);

COMMENT ON TABLE migrate_setting IS
  'settings: file_template, slug_length, timezone, script_template';
COMMENT ON COLUMN migrate_setting.name IS 'its name';
COMMENT ON COLUMN migrate_setting.value IS 'its value';

CREATE TABLE migrate_state (
  name text COLLATE "C" PRIMARY KEY,
  value text NOT NULL
);

COMMENT ON TABLE migrate_state IS
  'what migrate itself remembers, and the rows that its runs lock';
COMMENT ON COLUMN migrate_state.name IS 'what of';
COMMENT ON COLUMN migrate_state.value IS 'what it remembers';

-- A dump carries the rows, not only the extension.
SELECT pg_extension_config_dump('migrate_revision', '');
SELECT pg_extension_config_dump('migrate_applied', '');
SELECT pg_extension_config_dump('migrate_log', '');
SELECT pg_extension_config_dump('migrate_log_id_seq', '');
SELECT pg_extension_config_dump('migrate_setting', '');
SELECT pg_extension_config_dump('migrate_state', '');

-- Who stored a script decides with whose rights it may run, so nobody can
-- sign with another's name.

CREATE FUNCTION migrate_guard() RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'pg_mig_guard';
COMMENT ON FUNCTION migrate_guard() IS
  'the trigger that fills migrate_revision.loaded_by';

CREATE TRIGGER migrate_guard
BEFORE INSERT OR UPDATE ON migrate_revision
FOR EACH ROW EXECUTE FUNCTION migrate_guard();
ALTER TABLE migrate_revision ENABLE ALWAYS TRIGGER migrate_guard;
COMMENT ON TRIGGER migrate_guard ON migrate_revision IS
  'keeps loaded_by honest';

-- Scripts.

CREATE FUNCTION migrate_add(script text) RETURNS integer
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'pg_mig_add';
COMMENT ON FUNCTION migrate_add(text) IS
  'store one script or many concatenated ones; how many are new or changed';

CREATE FUNCTION migrate_load(path text, layout text DEFAULT 'auto')
RETURNS integer
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'pg_mig_load';
COMMENT ON FUNCTION migrate_load(text, text) IS
  'read a file or directory on the server and synchronise the scripts with it';

CREATE FUNCTION migrate_remove(revision text) RETURNS integer
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'pg_mig_remove';
COMMENT ON FUNCTION migrate_remove(text) IS
  'forget a script that is not applied';

CREATE FUNCTION migrate_replace(script text) RETURNS integer
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'pg_mig_replace';
COMMENT ON FUNCTION migrate_replace(text) IS
  'put a changed script in the place of an applied one';

CREATE FUNCTION migrate_script(revision text) RETURNS text
LANGUAGE c STABLE PARALLEL RESTRICTED
AS 'MODULE_PATHNAME', 'pg_mig_script';
COMMENT ON FUNCTION migrate_script(text) IS
  'the stored script, byte for byte';

CREATE FUNCTION migrate_revision(
  message text,
  directory text DEFAULT NULL,
  revises text DEFAULT 'head',
  labels text DEFAULT NULL,
  depends text DEFAULT NULL,
  revision text DEFAULT NULL
) RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'pg_mig_revision';
COMMENT ON FUNCTION migrate_revision(text, text, text, text, text, text) IS
  'a new script from the template; with a directory, the path of its file';

CREATE FUNCTION migrate_merge(
  revises text DEFAULT 'heads',
  message text DEFAULT NULL,
  directory text DEFAULT NULL
) RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'pg_mig_merge';
COMMENT ON FUNCTION migrate_merge(text, text, text) IS
  'a new script that joins several heads';

-- Running.

CREATE FUNCTION migrate_apply(
  target text DEFAULT 'head',
  schema text DEFAULT NULL
) RETURNS integer
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'pg_mig_apply';
COMMENT ON FUNCTION migrate_apply(text, text) IS
  'upgrade, all of it or nothing; the number of revisions applied';

CREATE FUNCTION migrate_revert(target text, schema text DEFAULT NULL)
RETURNS integer
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'pg_mig_revert';
COMMENT ON FUNCTION migrate_revert(text, text) IS
  'downgrade, all of it or nothing; the number of revisions reverted';

CREATE FUNCTION migrate_stamp(
  target text,
  purge boolean DEFAULT false,
  schema text DEFAULT NULL
) RETURNS integer
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'pg_mig_stamp';
COMMENT ON FUNCTION migrate_stamp(text, boolean, text) IS
  'record as applied and run nothing';

CREATE FUNCTION migrate_sql(
  target text DEFAULT 'head',
  source text DEFAULT NULL,
  dialect text DEFAULT NULL
) RETURNS text
LANGUAGE c STABLE PARALLEL RESTRICTED
AS 'MODULE_PATHNAME', 'pg_mig_sql';
COMMENT ON FUNCTION migrate_sql(text, text, text) IS
  'the plan as one script for psql or the sqlite3 shell';

-- Looking.

CREATE FUNCTION migrate_plan(
  target text DEFAULT 'head',
  action text DEFAULT 'apply',
  schema text DEFAULT NULL
) RETURNS TABLE (
  step integer,
  action text,
  revision text,
  message text,
  transactional boolean,
  statements integer
)
LANGUAGE c STABLE PARALLEL RESTRICTED
AS 'MODULE_PATHNAME', 'pg_mig_plan';
COMMENT ON FUNCTION migrate_plan(text, text, text) IS
  'what would run, in order';

CREATE FUNCTION migrate_status(schema text DEFAULT NULL)
RETURNS TABLE (
  revision text,
  revises text,
  depends text,
  labels text,
  message text,
  state text,
  is_head boolean,
  applied_at timestamptz,
  applied_by text,
  elapsed_ms bigint
)
LANGUAGE c STABLE PARALLEL RESTRICTED
AS 'MODULE_PATHNAME', 'pg_mig_status';
COMMENT ON FUNCTION migrate_status(text) IS
  'every revision in the order of the graph, and whether it is applied';

CREATE FUNCTION migrate_current(schema text DEFAULT NULL)
RETURNS TABLE (revision text, message text, labels text, is_head boolean)
LANGUAGE c STABLE PARALLEL RESTRICTED
AS 'MODULE_PATHNAME', 'pg_mig_current';
COMMENT ON FUNCTION migrate_current(text) IS
  'the newest applied revisions';

CREATE FUNCTION migrate_heads()
RETURNS TABLE (revision text, message text, labels text)
LANGUAGE c STABLE PARALLEL RESTRICTED
AS 'MODULE_PATHNAME', 'pg_mig_heads';
COMMENT ON FUNCTION migrate_heads() IS
  'the revisions that none revises';

CREATE FUNCTION migrate_bases()
RETURNS TABLE (revision text, message text, labels text)
LANGUAGE c STABLE PARALLEL RESTRICTED
AS 'MODULE_PATHNAME', 'pg_mig_bases';
COMMENT ON FUNCTION migrate_bases() IS
  'the revisions that revise none';

CREATE FUNCTION migrate_branches()
RETURNS TABLE (revision text, message text, labels text)
LANGUAGE c STABLE PARALLEL RESTRICTED
AS 'MODULE_PATHNAME', 'pg_mig_branches';
COMMENT ON FUNCTION migrate_branches() IS
  'the revisions that several revise';

CREATE FUNCTION migrate_history(range text DEFAULT 'base:heads')
RETURNS TABLE (
  revision text,
  revises text,
  depends text,
  labels text,
  message text,
  created_at timestamptz,
  is_head boolean,
  is_branch_point boolean,
  is_merge_point boolean
)
LANGUAGE c STABLE PARALLEL RESTRICTED
AS 'MODULE_PATHNAME', 'pg_mig_history';
COMMENT ON FUNCTION migrate_history(text) IS
  'the revisions of a range, newest first';

CREATE FUNCTION migrate_show(revision text) RETURNS text
LANGUAGE c STABLE PARALLEL RESTRICTED
AS 'MODULE_PATHNAME', 'pg_mig_show';
COMMENT ON FUNCTION migrate_show(text) IS
  'one revision for a person to read';

CREATE FUNCTION migrate_graph(format text DEFAULT 'text') RETURNS text
LANGUAGE c STABLE PARALLEL RESTRICTED
AS 'MODULE_PATHNAME', 'pg_mig_graph';
COMMENT ON FUNCTION migrate_graph(text) IS
  'the graph as a picture: text, dot, mermaid or svg';

CREATE FUNCTION migrate_verify(schema text DEFAULT NULL)
RETURNS TABLE (revision text, problem text, detail text)
LANGUAGE c STABLE PARALLEL RESTRICTED
AS 'MODULE_PATHNAME', 'pg_mig_verify';
COMMENT ON FUNCTION migrate_verify(text) IS
  'what is wrong with what is applied; no rows: nothing';

CREATE FUNCTION migrate_check(schema text DEFAULT NULL) RETURNS integer
LANGUAGE c STABLE PARALLEL RESTRICTED
AS 'MODULE_PATHNAME', 'pg_mig_check';
COMMENT ON FUNCTION migrate_check(text) IS
  'fails when anything is pending or wrong, else 0';

CREATE FUNCTION migrate_fingerprint(target text DEFAULT 'heads') RETURNS text
LANGUAGE c STABLE PARALLEL RESTRICTED
AS 'MODULE_PATHNAME', 'pg_mig_fingerprint';
COMMENT ON FUNCTION migrate_fingerprint(text) IS
  'one value for a whole history';

CREATE FUNCTION migrate_dialect() RETURNS text
LANGUAGE c IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'pg_mig_dialect';
COMMENT ON FUNCTION migrate_dialect() IS '''postgresql'', as in scripts';

CREATE FUNCTION migrate_version() RETURNS text
LANGUAGE c STABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'pg_mig_version';
COMMENT ON FUNCTION migrate_version() IS 'the version of the module';
