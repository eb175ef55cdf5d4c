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
  position bigint NOT NULL,
  transactional boolean NOT NULL,
  statements integer NOT NULL,
  created_at timestamptz,
  checksum text COLLATE "C" NOT NULL,
  chain text COLLATE "C" NOT NULL,
  source text,
  loaded_at timestamptz NOT NULL,
  loaded_by text COLLATE "C" NOT NULL,
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
  'settings by their names; the reference lists them';
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

CREATE TABLE migrate_partial (
  schema text COLLATE "C" NOT NULL,
  revision text COLLATE "C" NOT NULL,
  number integer NOT NULL,
  action text COLLATE "C" NOT NULL,
  checksum text COLLATE "C" NOT NULL,
  line integer NOT NULL,
  begun_at timestamptz NOT NULL,
  finished_at timestamptz,
  PRIMARY KEY (schema, revision, number)
);

COMMENT ON TABLE migrate_partial IS
  'statements of revisions that are half done, one row each';
COMMENT ON COLUMN migrate_partial.schema IS
  'the schema that the call named; empty: none';
COMMENT ON COLUMN migrate_partial.revision IS 'the revision';
COMMENT ON COLUMN migrate_partial.number IS
  'of the statement in the revision, from 1';
COMMENT ON COLUMN migrate_partial.action IS 'apply or revert';
COMMENT ON COLUMN migrate_partial.checksum IS
  'SHA-256 over its tokens; empty: accepted whatever it is';
COMMENT ON COLUMN migrate_partial.line IS 'where it stands in the script';
COMMENT ON COLUMN migrate_partial.begun_at IS 'when it began';
COMMENT ON COLUMN migrate_partial.finished_at IS
  'when it was done; null: it was cut off, or runs now';

-- Jobs. The extension writes this table as its owner, so that nobody needs a
-- right on it, and what stands in it is true. Not dumped: a job belongs to one
-- server.

CREATE TABLE migrate_background (
  job bigint NOT NULL,
  number integer NOT NULL,
  schema text COLLATE "C" NOT NULL,
  target text COLLATE "C" NOT NULL,
  action text COLLATE "C" NOT NULL,
  canary boolean NOT NULL,
  role oid NOT NULL,
  state text COLLATE "C" NOT NULL,
  pid integer,
  requested_at timestamptz NOT NULL,
  started_at timestamptz,
  ended_at timestamptz,
  revision text COLLATE "C",
  applied bigint,
  sqlstate text COLLATE "C",
  error text,
  PRIMARY KEY (job, number)
);

CREATE SEQUENCE migrate_background_job;

COMMENT ON TABLE migrate_background IS
  'what migrate_start() was asked to do, one row a job and schema; the view'
  ' migrate_job shows it';
COMMENT ON SEQUENCE migrate_background_job IS 'numbers the jobs';
COMMENT ON COLUMN migrate_background.job IS 'the job';
COMMENT ON COLUMN migrate_background.number IS 'the order of its schemas';
COMMENT ON COLUMN migrate_background.schema IS
  'as in migrate_applied; empty: none';
COMMENT ON COLUMN migrate_background.target IS 'how far it runs';
COMMENT ON COLUMN migrate_background.action IS 'apply or revert';
COMMENT ON COLUMN migrate_background.canary IS
  'whether the others wait until it is done';
COMMENT ON COLUMN migrate_background.role IS 'the role that started it';
COMMENT ON COLUMN migrate_background.state IS
  'waiting, running, done, failed, canceled or skipped; a process that dies'
  ' leaves it as it was';
COMMENT ON COLUMN migrate_background.pid IS 'the process that runs it';
COMMENT ON COLUMN migrate_background.requested_at IS 'when it was asked for';
COMMENT ON COLUMN migrate_background.started_at IS 'when it began';
COMMENT ON COLUMN migrate_background.ended_at IS 'when it ended';
COMMENT ON COLUMN migrate_background.revision IS
  'the last revision that it finished, or the one that failed';
COMMENT ON COLUMN migrate_background.applied IS
  'how many revisions a finished run did';
COMMENT ON COLUMN migrate_background.sqlstate IS 'the code of its error';
COMMENT ON COLUMN migrate_background.error IS 'its error, as psql prints it';

-- A dump carries the rows, not only the extension.
SELECT pg_extension_config_dump('migrate_revision', '');
SELECT pg_extension_config_dump('migrate_applied', '');
SELECT pg_extension_config_dump('migrate_log', '');
SELECT pg_extension_config_dump('migrate_log_id_seq', '');
SELECT pg_extension_config_dump('migrate_setting', '');
SELECT pg_extension_config_dump('migrate_state', '');
SELECT pg_extension_config_dump('migrate_partial', '');

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

CREATE PROCEDURE migrate_run(
  target text DEFAULT 'head',
  schema text DEFAULT NULL,
  action text DEFAULT 'apply'
)
LANGUAGE c
AS 'MODULE_PATHNAME', 'pg_mig_run_each';
COMMENT ON PROCEDURE migrate_run(text, text, text) IS
  'upgrade or downgrade with a commit for each revision';

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

CREATE FUNCTION migrate_rehearse(
  target text DEFAULT 'head',
  schema text DEFAULT NULL,
  action text DEFAULT 'apply'
) RETURNS TABLE (
  step integer,
  action text,
  revision text,
  source text,
  line integer,
  statement text,
  elapsed_ms double precision,
  rows bigint,
  bytes bigint,
  locks text,
  rewritten text,
  sequences text,
  note text
)
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'pg_mig_rehearse';
COMMENT ON FUNCTION migrate_rehearse(text, text, text) IS
  'really run the plan, measure each statement, and undo it';

-- Jobs.

CREATE FUNCTION migrate_start(
  target text DEFAULT 'head',
  schema text DEFAULT NULL,
  action text DEFAULT 'apply'
) RETURNS bigint
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'pg_mig_start';
COMMENT ON FUNCTION migrate_start(text, text, text) IS
  'migrate_run in the background, for one schema or many; the job''s number';

CREATE FUNCTION migrate_cancel(job bigint) RETURNS boolean
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'pg_mig_cancel';
COMMENT ON FUNCTION migrate_cancel(bigint) IS
  'stop a job; whether there was anything to stop';

CREATE PROCEDURE migrate_wait(job bigint)
LANGUAGE c
AS 'MODULE_PATHNAME', 'pg_mig_wait';
COMMENT ON PROCEDURE migrate_wait(bigint) IS
  'wait for the end of a job; fails when it failed';

CREATE FUNCTION migrate_progress(
  pid integer,
  OUT phase text,
  OUT percent numeric
)
LANGUAGE c STABLE STRICT PARALLEL RESTRICTED
AS 'MODULE_PATHNAME', 'pg_mig_progress';
COMMENT ON FUNCTION migrate_progress(integer) IS
  'what the server''s own views say about a process''s statement';

CREATE VIEW migrate_job WITH (security_barrier) AS
SELECT
  b.job,
  b.number,
  b.schema,
  b.target,
  b.action,
  r.rolname::text AS role,
  CASE
    WHEN b.state IN ('waiting', 'running') AND NOT l.alive THEN 'interrupted'
    ELSE b.state
  END AS state,
  COALESCE(v.revision, b.revision) AS revision,
  a.statement,
  a.statements,
  a.line,
  b.started_at AS started,
  b.ended_at AS ended,
  CASE
    WHEN b.ended_at IS NOT NULL OR l.alive THEN
      COALESCE(b.ended_at, clock_timestamp()) - b.started_at
  END AS elapsed,
  COALESCE(p.phase, a.pause) AS phase,
  p.percent,
  w.blocked_by,
  b.applied,
  b.sqlstate,
  b.error
FROM migrate_background AS b
JOIN pg_catalog.pg_roles AS r ON r.oid = b.role
CROSS JOIN (
  SELECT array_agg(k.objid::bigint) AS jobs,
    array_agg(k.objid::bigint || ' ' || k.pid) AS works
  FROM pg_catalog.pg_locks AS k
  WHERE k.locktype = 'object' AND k.granted AND k.mode = 'ShareLock'
    AND k.classid = 'migrate_background'::regclass
    AND k.database = (
      SELECT d.oid FROM pg_catalog.pg_database AS d
      WHERE d.datname = current_database()
    )
) AS k
CROSS JOIN LATERAL (
  SELECT pg_is_in_recovery() OR COALESCE(
    CASE
      WHEN b.state = 'waiting' THEN b.job = ANY (k.jobs)
      WHEN b.state = 'running' THEN b.job || ' ' || b.pid = ANY (k.works)
    END, false) AS alive
) AS l
LEFT JOIN LATERAL (
  SELECT
    split_part(s.query, E'\n', CASE WHEN g.pause IS NULL THEN 1 ELSE 2 END)
      AS line,
    g.pause,
    string_to_array(substring(g.pause FROM '\(([0-9, ]+)\)'), ', ')::integer[]
      AS gave_way,
    substring(s.application_name
      FROM '^migrate job [0-9]+: ([0-9]+)/')::integer AS statement,
    substring(s.application_name
      FROM '^migrate job [0-9]+: [0-9]+/([0-9]+) ')::integer AS statements,
    substring(s.application_name
      FROM '^migrate job [0-9]+: [0-9]+/[0-9]+ (.*)$') AS name,
    octet_length(s.application_name) >= 63 AS cut
  FROM pg_catalog.pg_stat_activity AS s
  CROSS JOIN LATERAL (
    SELECT substring(s.query FROM '^-- migrate: (gave way to [^\n]*)') AS pause
  ) AS g
  WHERE b.state = 'running' AND l.alive AND s.pid = b.pid
    AND s.state = 'active'
) AS a ON true
LEFT JOIN LATERAL (
  SELECT g.revision
  FROM migrate_revision AS g
  WHERE a.name IS NOT NULL AND (g.revision = a.name
    OR a.cut AND starts_with(g.revision, a.name))
  ORDER BY g.revision
  LIMIT 1
) AS v ON true
LEFT JOIN LATERAL migrate_progress(
  CASE WHEN b.state = 'running' AND l.alive THEN b.pid END
) AS p ON true
LEFT JOIN LATERAL (
  SELECT string_agg(concat('process ', s.pid,
    ', role ' || quote_ident(s.usename),
    ', application ' || quote_literal(NULLIF(s.application_name, '')),
    ', ' || s.state,
    ' for ' || date_trunc('second', clock_timestamp() - s.xact_start),
    ': ' || left(split_part(s.query, E'\n', 1), 120)), E'\n'
    ORDER BY s.pid) AS blocked_by
  FROM unnest(pg_blocking_pids(b.pid) || a.gave_way) AS o (pid)
  JOIN pg_catalog.pg_stat_activity AS s ON s.pid = o.pid
  WHERE b.state = 'running' AND l.alive
) AS w ON true
WHERE pg_has_role(current_user, b.role, 'USAGE');
COMMENT ON VIEW migrate_job IS
  'the jobs of the caller''s roles, one row a job and schema';
GRANT SELECT ON migrate_job TO PUBLIC;

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

CREATE FUNCTION migrate_translate(sql text, dialect text) RETURNS text
LANGUAGE c IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'pg_mig_translate';
COMMENT ON FUNCTION migrate_translate(text, text) IS
  'statements as postgresql or sqlite needs them';

-- Taking over another tool's state.

CREATE FUNCTION migrate_adopt(
  tool text DEFAULT 'auto',
  state text DEFAULT NULL,
  schema text DEFAULT NULL
) RETURNS integer
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'pg_mig_adopt';
COMMENT ON FUNCTION migrate_adopt(text, text, text) IS
  'record as applied what another tool has applied; the number of revisions';

CREATE FUNCTION migrate_adopt_plan(
  tool text DEFAULT 'auto',
  state text DEFAULT NULL,
  schema text DEFAULT NULL
) RETURNS TABLE (
  tool text,
  version text,
  revision text,
  applied_at timestamptz,
  checksum text,
  action text,
  detail text
)
LANGUAGE c STABLE PARALLEL RESTRICTED
AS 'MODULE_PATHNAME', 'pg_mig_adopt_plan';
COMMENT ON FUNCTION migrate_adopt_plan(text, text, text) IS
  'what migrate_adopt would do with each row of the other tool';

-- Types and the schema.

CREATE FUNCTION migrate_types(schema text DEFAULT NULL)
RETURNS TABLE (
  table_name text,
  column_name text,
  declared text,
  family text,
  becomes text,
  verdict text,
  why text
)
LANGUAGE c STABLE PARALLEL RESTRICTED
AS 'MODULE_PATHNAME', 'pg_mig_types';
COMMENT ON FUNCTION migrate_types(text) IS
  'every column''s type and what becomes of it in SQLite';

CREATE FUNCTION migrate_type_check(
  relation text DEFAULT NULL,
  schema text DEFAULT NULL
) RETURNS TABLE (
  table_name text,
  column_name text,
  problem text,
  effect text,
  count bigint,
  keys text,
  example text,
  query text
)
LANGUAGE c STABLE PARALLEL RESTRICTED
AS 'MODULE_PATHNAME', 'pg_mig_type_check';
COMMENT ON FUNCTION migrate_type_check(text, text) IS
  'values that SQLite would not keep as they are';

CREATE FUNCTION migrate_type_problem(
  type text,
  storage text,
  value text DEFAULT NULL
) RETURNS text
LANGUAGE c IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'pg_mig_type_problem';
COMMENT ON FUNCTION migrate_type_problem(text, text, text) IS
  'why PostgreSQL would not take a value of SQLite; null: it would';

CREATE FUNCTION migrate_type_key(
  type text,
  storage text,
  value text DEFAULT NULL
) RETURNS text
LANGUAGE c IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'pg_mig_type_key';
COMMENT ON FUNCTION migrate_type_key(text, text, text) IS
  'the same for values of SQLite that PostgreSQL takes for one';

CREATE FUNCTION migrate_schema(schema text DEFAULT NULL)
RETURNS TABLE (kind text, table_name text, name text, definition text)
LANGUAGE c STABLE PARALLEL RESTRICTED
AS 'MODULE_PATHNAME', 'pg_mig_schema';
COMMENT ON FUNCTION migrate_schema(text) IS
  'what the schema consists of';

CREATE FUNCTION migrate_schema_fingerprint(schema text DEFAULT NULL)
RETURNS text
LANGUAGE c STABLE PARALLEL RESTRICTED
AS 'MODULE_PATHNAME', 'pg_mig_schema_fingerprint';
COMMENT ON FUNCTION migrate_schema_fingerprint(text) IS
  'one value for a whole schema';

CREATE FUNCTION migrate_export(layout text)
RETURNS TABLE (name text, content text)
LANGUAGE c STABLE PARALLEL RESTRICTED
AS 'MODULE_PATHNAME', 'pg_mig_export';
COMMENT ON FUNCTION migrate_export(text) IS
  'the scripts as the files of another tool';
