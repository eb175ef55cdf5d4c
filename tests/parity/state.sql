--include graph.inc

--# all is well, but nothing is applied
SELECT revision, problem, detail FROM migrate_verify();
SELECT migrate_check();
SELECT migrate_apply('blog@head');
SELECT migrate_check();
SELECT migrate_apply('heads');
SELECT migrate_check();

--# who and when
SELECT revision, CASE WHEN applied_by <> '' AND elapsed_ms >= 0 THEN 'known' END
FROM migrate_status() WHERE applied_at IS NOT NULL;

--# a script that changes after it was applied
UPDATE migrate_applied SET checksum = 'other' WHERE revision = 'tags';
SELECT revision, state FROM migrate_status() WHERE state <> 'applied';
SELECT revision, problem FROM migrate_verify();
SELECT migrate_replace(migrate_script('tags'));
UPDATE migrate_applied
SET checksum = (SELECT r.checksum FROM migrate_revision AS r WHERE r.revision = 'tags')
WHERE revision = 'tags';
SELECT revision, problem FROM migrate_verify();

--# applied above a gap
DELETE FROM migrate_applied WHERE revision IN ('posts', 'audit');
SELECT revision, problem, detail FROM migrate_verify();
SELECT revision, state FROM migrate_status() WHERE state <> 'applied';
SELECT migrate_stamp('heads');
SELECT revision, problem FROM migrate_verify();

--# applied, but unknown
INSERT INTO migrate_applied (schema, revision, checksum, applied_at, applied_by)
VALUES ('', 'gone', 'x', '2026-01-01T00:00:00Z', 'me');
SELECT revision, state, message, applied_by FROM migrate_status() WHERE state <> 'applied';
SELECT revision, problem, detail FROM migrate_verify();
SELECT migrate_check();
SELECT migrate_revert('base');
DELETE FROM migrate_applied WHERE revision = 'gone';

--# a row that was changed by hand
UPDATE migrate_revision SET script = replace(script, 't_carts', 't_other') WHERE revision = 'carts';
SELECT revision, problem, detail FROM migrate_verify();
SELECT migrate_check();
UPDATE migrate_revision SET script = replace(script, 't_other', 't_carts') WHERE revision = 'carts';
UPDATE migrate_revision SET chain = 'x' WHERE revision = 'users';
SELECT revision, problem, detail FROM migrate_verify();

--# the log tells it all
SELECT migrate_revert('logs@base');
SELECT action, schema, revision, CASE WHEN length(checksum) = 64 THEN 'sum' END,
  CASE WHEN at IS NOT NULL AND who <> '' AND version <> '' THEN 'known' END
FROM migrate_log ORDER BY id;
