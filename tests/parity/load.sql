--# another tool's plain directory
SELECT migrate_load('@dir@/dbmate');
SELECT migrate_load('@dir@/dbmate');
SELECT migrate_load('@dir@/dbmate/', 'native');
SELECT revision, revises, message, state FROM migrate_status();
SELECT migrate_apply();
SELECT count(*) FROM users;
SELECT migrate_load('@dir@/dbmate', 'auto');
SELECT migrate_revert('base');

--# headers and names, two scripts in one file
SELECT migrate_load('@dir@/native');
SELECT revision, revises, labels, message FROM migrate_status();
SELECT substr(CAST(created_at AS text), 1, 10) FROM migrate_history() WHERE revision = 'one';
SELECT source FROM migrate_revision ORDER BY revision;

--# one file, with a byte order mark and CRLF
SELECT migrate_load('@dir@/dos.sql');
SELECT migrate_apply('dos');
SELECT length(line) FROM dos;
SELECT revision, message, state FROM migrate_status() WHERE revision = 'dos';

--# a new file arrives
UPDATE migrate_setting SET value = '5_{slug}' WHERE name = 'file_template';
INSERT INTO migrate_setting (name, value)
SELECT 'file_template', '5_{slug}'
WHERE NOT EXISTS (SELECT 1 FROM migrate_setting WHERE name = 'file_template');
SELECT migrate_revision('fifth', '@dir@/native', 'three');
SELECT migrate_load('@dir@/native');
SELECT revision, revises, message FROM migrate_status() WHERE revision = '5';

--# what does not read
SELECT migrate_load('@dir@/broken');
SELECT migrate_load('@dir@/twice');
SELECT migrate_load('@dir@/notes');
SELECT migrate_load('@dir@/names');
SELECT migrate_load('@dir@/native', 'nosuch');
SELECT migrate_load(NULL);
SELECT revision FROM migrate_status() WHERE revision = '7';
