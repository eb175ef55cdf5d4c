-- The tables of migrate in an SQLite database; docs/reference.md describes
-- them. Made by the first call that writes, in the database that it writes
-- to: "@a." is that database.

CREATE TABLE IF NOT EXISTS @a.migrate_revision (
  position integer PRIMARY KEY,
  revision text NOT NULL UNIQUE,
  revises text,
  depends text,
  labels text,
  message text NOT NULL,
  transactional boolean NOT NULL,
  statements integer NOT NULL,
  created_at text,
  checksum text NOT NULL,
  chain text NOT NULL,
  source text,
  loaded_at text NOT NULL,
  loaded_by text NOT NULL,
  script text NOT NULL
);

CREATE TABLE IF NOT EXISTS @a.migrate_applied (
  schema text NOT NULL,
  revision text NOT NULL,
  checksum text NOT NULL,
  applied_at text NOT NULL,
  applied_by text NOT NULL,
  elapsed_ms integer,
  PRIMARY KEY (schema, revision)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS @a.migrate_log (
  id integer PRIMARY KEY AUTOINCREMENT,
  at text NOT NULL,
  action text NOT NULL,
  schema text NOT NULL,
  revision text,
  checksum text,
  who text NOT NULL,
  client text,
  elapsed_ms integer,
  version text NOT NULL,
  detail text
);

CREATE TABLE IF NOT EXISTS @a.migrate_setting (
  name text NOT NULL PRIMARY KEY,
  value text NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS @a.migrate_state (
  name text NOT NULL PRIMARY KEY,
  value text NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS @a.migrate_comment (
  object text NOT NULL PRIMARY KEY,
  comment text NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS @a.migrate_partial (
  schema text NOT NULL,
  revision text NOT NULL,
  number integer NOT NULL,
  action text NOT NULL,
  checksum text NOT NULL,
  line integer NOT NULL,
  begun_at text NOT NULL,
  finished_at text,
  PRIMARY KEY (schema, revision, number)
) WITHOUT ROWID;

INSERT OR IGNORE INTO @a.migrate_state (name, value)
VALUES ('position', '0'), ('heads', '');
