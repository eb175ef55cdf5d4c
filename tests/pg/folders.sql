-- Folders of a directory: what is looked at, and what is not.
SET client_min_messages = notice;
CREATE EXTENSION migrate;
\set dir :tmp '/dir'
\! mkdir -p @tmp@/dir/a/b @tmp@/dir/.git @tmp@/dir/node_modules @tmp@/outside
\! echo 'CREATE TABLE one ();' >@tmp@/dir/a/V1__one.sql
\! echo 'CREATE TABLE two ();' >@tmp@/dir/a/b/V2__two.sql
\! echo 'SELECT 1;' | tee @tmp@/dir/.git/V3__hidden.sql >@tmp@/dir/node_modules/V4__modules.sql
\! echo 'SELECT 1;' >@tmp@/outside/V5__outside.sql
\! echo 'SELECT 1;' >@tmp@/dir/beforeMigrate.sql
\! ln -s .. @tmp@/dir/a/loop
\! ln -s ../outside @tmp@/dir/outside
\! ln -s ../../outside/V5__outside.sql @tmp@/dir/a/V5__outside.sql
\! ln -s b/V2__two.sql @tmp@/dir/a/V6__inside.sql
\! chmod -R a+rX @tmp@/dir @tmp@/outside
SELECT migrate_load(:'dir', 'flyway');
SELECT revision, replace(source, :'tmp', '') FROM migrate_revision ORDER BY position;

-- Too deep.
\! mkdir -p @tmp@/deep/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17 && chmod -R a+rX @tmp@/deep
SELECT migrate_load(:'tmp' || '/deep');
