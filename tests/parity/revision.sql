--include graph.inc
DELETE FROM migrate_setting;
INSERT INTO migrate_setting (name, value) VALUES ('file_template', '{slug}'), ('slug_length', '20');

--# from the template
SELECT migrate_revision('Größe ändern: the users'' table', NULL, 'tags');
SELECT migrate_revision('begin anew', NULL, 'base');
SELECT migrate_revision('more', NULL, 'tags goods', 'green, blue', 'logs start', 'deadbeef');
SELECT migrate_revision('by prefixes', NULL, 'joi', NULL, 'audit_m', 'x1');

--# head names none of two
SELECT migrate_revision('more');

--# into a directory, and never twice
SELECT migrate_revision('first file', '@dir@', 'joined', 'fresh');
SELECT migrate_revision('first file', '@dir@', 'joined');
SELECT migrate_load('@dir@/first_file.sql');
SELECT revision, revises, labels, message, state FROM migrate_status() WHERE revision = 'first_file';

--# a merge
SELECT migrate_merge('heads', 'all together');
SELECT migrate_merge('blog, shop', 'two of them', '@dir@');
SELECT migrate_merge();
SELECT migrate_merge('joined', 'of one');

--# one head: what it makes is what it loads
INSERT INTO migrate_setting (name, value) VALUES ('script_template',
'-- migrate:revision {revision}
-- migrate:revises {revises}
-- migrate:message {message}

-- migrate:up
SELECT ''{{}}'';
');
SELECT migrate_merge('heads', 'all', '@dir@');
SELECT migrate_load('@dir@/all.sql');
SELECT migrate_revision('after all', '@dir@');
SELECT migrate_load('@dir@/after_all.sql');
SELECT revision, revises, message FROM migrate_heads() JOIN (
  SELECT revision AS r, revises FROM migrate_status()) AS s ON s.r = revision;
SELECT migrate_script('after_all');

--# times
UPDATE migrate_setting SET value = '{year}{month}{day}{hour}{minute}{second}_{slug}' WHERE name = 'file_template';
SELECT length(migrate_revision('x', '@dir@')) - length('@dir@');
UPDATE migrate_setting SET value = '{epoch}' WHERE name = 'file_template';
SELECT length(migrate_revision('x', '@dir@')) - length('@dir@');

--# settings that are none
UPDATE migrate_setting SET value = '{yaer}' WHERE name = 'file_template';
SELECT migrate_revision('x');
UPDATE migrate_setting SET value = '../{slug}' WHERE name = 'file_template';
SELECT migrate_revision('x');
UPDATE migrate_setting SET value = '{slug' WHERE name = 'file_template';
SELECT migrate_revision('x');
UPDATE migrate_setting SET value = '{slug}' WHERE name = 'file_template';
SELECT migrate_revision('...');
UPDATE migrate_setting SET value = 'many' WHERE name = 'slug_length';
SELECT migrate_revision('x');
UPDATE migrate_setting SET value = '9' WHERE name = 'slug_length';
INSERT INTO migrate_setting (name, value) VALUES ('timezone', 'Europe/Berlin');
SELECT migrate_revision('x');
UPDATE migrate_setting SET value = '-0330' WHERE name = 'timezone';
UPDATE migrate_setting SET value = '-- {nothing}' WHERE name = 'script_template';
SELECT migrate_revision('x');
UPDATE migrate_setting SET value = 'SELECT 1;' WHERE name = 'script_template';
SELECT migrate_revision('x');
UPDATE migrate_setting SET value = '-- migrate:revision y
-- migrate:up
' WHERE name = 'script_template';
SELECT migrate_revision('x');
