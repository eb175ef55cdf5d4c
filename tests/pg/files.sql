-- Files on the server: reading directories, writing new scripts.
SET client_min_messages = warning;
CREATE EXTENSION migrate;
\set dir :tmp '/scripts'
\! mkdir -p @tmp@/scripts/sub @tmp@/outside && chmod 777 @tmp@/scripts
\! printf -- '-- migrate:up\nCREATE TABLE t ();\n-- migrate:down\nDROP TABLE t;\n' >@tmp@/scripts/01_first.sql
\! printf -- '-- migrate:revises 01\n-- migrate:up\nCREATE TABLE u ();\n' >@tmp@/scripts/02_second.sql
\! echo 'not a script' >@tmp@/scripts/notes.txt
SELECT migrate_load(:'dir');
SELECT migrate_load(:'dir');
SELECT revision, revises, replace(source, :'tmp', '') AS source FROM migrate_revision ORDER BY position;
SELECT migrate_apply();

-- Links within the directory are followed, links out of it are not.
\! printf -- '-- migrate:revises 02\n-- migrate:up\n' >@tmp@/outside/03_outside.sql
\! printf -- '-- migrate:revises 02\n-- migrate:up\n' >@tmp@/scripts/sub/04_inside.sql
\! ln -s ../outside/03_outside.sql @tmp@/scripts/03_outside.sql
\! ln -s @tmp@/scripts/sub/04_inside.sql @tmp@/scripts/04_inside.sql
\! ln -s nowhere.sql @tmp@/scripts/05_nowhere.sql
\! ln -s sub @tmp@/scripts/06_folder.sql
\! mkfifo @tmp@/scripts/07_pipe.sql
SELECT migrate_load(:'dir');
SELECT revision FROM migrate_heads();
-- One that was asked for by name is another matter.
SELECT migrate_load(:'dir' || '/03_outside.sql');
SELECT migrate_remove('03');
-- A directory may itself be a link.
\! ln -s scripts @tmp@/link
SELECT migrate_load(:'tmp' || '/link/sub');

-- What goes, goes; what is applied stays.
\! rm @tmp@/scripts/01_first.sql @tmp@/scripts/04_inside.sql
SELECT migrate_load(:'dir');
SELECT revision, replace(source, :'tmp', '') AS source FROM migrate_revision ORDER BY position;

-- What is no text, no file, not there.
\! printf -- '-- migrate:up\nSELECT 1;\n-- \351\n' >@tmp@/latin1.sql
\! printf -- '-- migrate:up\nSELECT 1;\n\000\n' >@tmp@/zero.sql
\! printf -- '\357\273\277-- migrate:revision bom\r\n-- migrate:revises 04\r\n-- migrate:up\r\nSELECT 1;\r\n' >@tmp@/bom.sql
\! : >@tmp@/empty.sql
SELECT migrate_load(:'tmp' || '/latin1.sql');
SELECT migrate_load(:'tmp' || '/zero.sql');
SELECT migrate_load(:'tmp' || '/bom.sql');
SELECT migrate_load(:'tmp' || '/empty.sql');
SELECT migrate_load(:'tmp' || '/missing.sql');
SELECT migrate_load(:'dir' || '/07_pipe.sql');
SELECT migrate_load('');
SELECT migrate_load(repeat('x', 2000));
SELECT migrate_load(:'tmp' || '/scripts/../scripts');

-- Relative paths start in the data directory.
SELECT migrate_load('base');
SELECT migrate_load('no such file');

-- New scripts.
SELECT migrate_revision('add accounts', :'dir', revision => 'r1') AS made \gset
SELECT regexp_replace(replace(:'made', :'tmp', ''), '\d+', 'N', 'g');
SELECT regexp_replace(pg_read_file(:'made'), '20\d\d-[^\n]*', 'now');
SELECT (pg_stat_file(:'made')).size = length(pg_read_file(:'made'));
-- Others may read it.
\! stat -c %a @tmp@/scripts/*add_accounts.sql
-- Never over a file that is there.
INSERT INTO migrate_setting VALUES ('file_template', 'fixed_{slug}');
SELECT replace(migrate_revision('add more', :'dir', revision => 'r2'),
  :'tmp', '');
SELECT migrate_revision('add more', :'dir', revision => 'r3');
SELECT migrate_revision('add more', :'dir' || '/none', revision => 'r3');
SELECT pg_ls_dir(:'dir') ORDER BY 1 LIMIT 4;
\! ls @tmp@/scripts | grep -c tmp

-- Reading needs one role, writing the two.
CREATE ROLE mig_files;
GRANT ALL ON ALL TABLES IN SCHEMA public TO mig_files;
SET ROLE mig_files;
SELECT migrate_load(:'dir');
SELECT migrate_revision('x', :'dir');
SELECT length(migrate_revision('x')) > 0;
RESET ROLE;
GRANT pg_write_server_files TO mig_files;
SET ROLE mig_files;
SELECT migrate_revision('x', :'dir');
RESET ROLE;
REVOKE pg_write_server_files FROM mig_files;
GRANT pg_read_server_files TO mig_files;
SET ROLE mig_files;
SELECT migrate_load(:'tmp' || '/bom.sql');
SELECT migrate_revision('x', :'dir');
RESET ROLE;
GRANT pg_write_server_files TO mig_files;
SET ROLE mig_files;
SELECT migrate_revision('x', :'dir', revision => 'r4') LIKE '%/fixed_x.sql';
RESET ROLE;

DROP EXTENSION migrate;
DROP OWNED BY mig_files;
DROP ROLE mig_files;
