-- Scripts that run behind all revisions, and again when they change.
SELECT migrate_add('-- migrate:revision a
-- migrate:revises base
-- migrate:up
CREATE TABLE users (id integer PRIMARY KEY, name text);
-- migrate:down
DROP VIEW IF EXISTS names;
DROP TABLE users;
-- migrate:revision b
-- migrate:revises a
-- migrate:up
ALTER TABLE users ADD COLUMN mail text;
-- migrate:down
DROP VIEW IF EXISTS mails;
ALTER TABLE users DROP COLUMN mail;
-- migrate:revision short
-- migrate:repeatable
-- migrate:depends names
-- migrate:message names of one letter
-- migrate:up
DROP VIEW IF EXISTS short;
CREATE VIEW short AS SELECT name FROM names WHERE length(name) = 1;
-- migrate:revision names
-- migrate:repeatable
-- migrate:up
DROP VIEW IF EXISTS short;
DROP VIEW IF EXISTS names;
CREATE VIEW names AS SELECT name FROM users;
-- migrate:revision mails
-- migrate:repeatable
-- migrate:up
DROP VIEW IF EXISTS mails;
CREATE VIEW mails AS SELECT mail FROM users;');
--# only a run to the end runs them, by id and by what they depend on
SELECT step, action, revision, message, statements FROM migrate_plan('b');
SELECT step, action, revision, message, statements FROM migrate_plan();
SELECT migrate_apply('a');
SELECT revision, state FROM migrate_status();
SELECT migrate_check();
SELECT migrate_apply();
SELECT revision, revises, depends, state, CASE WHEN is_head THEN 1 ELSE 0 END FROM migrate_status();
SELECT migrate_check();
SELECT migrate_apply();
SELECT revision FROM migrate_heads();
SELECT revision FROM migrate_current();
SELECT revision FROM migrate_history();
SELECT revision, revises FROM migrate_revision ORDER BY revision;
INSERT INTO users VALUES (1, 'X', 'x@example.com'), (2, 'Ann', NULL);
SELECT name FROM short;
--# the same statements: nothing to do
SELECT migrate_add('-- migrate:revision names
-- migrate:repeatable
-- migrate:up
-- they are asked for often
DROP VIEW IF EXISTS short;
DROP VIEW IF EXISTS names;
CREATE VIEW names AS
  SELECT name FROM users;');
SELECT migrate_apply();
--# others: it runs again, and behind it what depends on it
SELECT migrate_add('-- migrate:revision names
-- migrate:repeatable
-- migrate:up
DROP VIEW IF EXISTS short;
DROP VIEW IF EXISTS names;
CREATE VIEW names AS SELECT lower(name) AS name FROM users;');
SELECT revision, state FROM migrate_status() WHERE state <> 'applied';
SELECT revision, problem FROM migrate_verify();
SELECT step, action, revision FROM migrate_plan('heads');
SELECT migrate_check();
SELECT migrate_apply('heads');
SELECT name FROM short;
SELECT action, revision FROM migrate_log ORDER BY id;
--# an error in one: nothing of the call stays
SELECT migrate_add('-- migrate:revision mails
-- migrate:repeatable
-- migrate:up
DROP VIEW mails;
CREATE VIEW mails AS SELECT name AS mail FROM users;
-- migrate:verify
SELECT count(*) > 2 FROM mails;');
SELECT migrate_apply();
SELECT mail FROM mails WHERE mail IS NOT NULL;
SELECT migrate_check();
SELECT migrate_add('-- migrate:revision mails
-- migrate:repeatable
-- migrate:up
DROP VIEW IF EXISTS mails;
CREATE VIEW mails AS SELECT mail FROM users WHERE mail IS NOT NULL;');
SELECT migrate_apply();
SELECT mail FROM mails ORDER BY 1;
--# a revert runs none, but what they made may be gone: they are to run again
SELECT migrate_revert('-1');
SELECT revision, state, CASE WHEN applied_at IS NULL THEN 'no' ELSE 'yes' END FROM migrate_status();
SELECT migrate_apply();
SELECT count(*) FROM mails;
SELECT migrate_revert('b');
SELECT migrate_check();
--# stamps leave them alone, unless they are to forget
SELECT migrate_stamp('a');
SELECT revision, state FROM migrate_status();
SELECT migrate_stamp('head');
SELECT revision, state FROM migrate_status();
SELECT migrate_stamp('base', true);
SELECT revision, state FROM migrate_status();
SELECT migrate_stamp('heads');
--# removed: what it made stays
SELECT migrate_remove('names');
SELECT migrate_remove('mails');
SELECT count(*) FROM mails;
SELECT migrate_check();
--# nobody can have one below him, and it has no place of its own
SELECT migrate_add('-- migrate:revision c
-- migrate:revises names
-- migrate:up
SELECT 1;');
SELECT migrate_add('-- migrate:revision c
-- migrate:revises b
-- migrate:depends names
-- migrate:up
SELECT 1;');
SELECT migrate_add('-- migrate:revision c
-- migrate:repeatable
-- migrate:labels x
-- migrate:up
SELECT 1;');
SELECT migrate_revert('short');
SELECT migrate_add('-- migrate:revision c
-- migrate:repeatable
-- migrate:depends nobody
-- migrate:up
SELECT 1;');
--# the fingerprint of all covers them
SELECT count(*) FROM (SELECT migrate_fingerprint('heads') AS f UNION SELECT migrate_fingerprint('b')) AS f;
