SELECT migrate_add('
-- migrate:revision first
-- migrate:revises base
-- migrate:up
CREATE TABLE t (n integer, which text);
-- migrate:up dialect:sqlite
INSERT INTO t VALUES (1, ''own'');
-- migrate:up dialect:postgresql
INSERT INTO t VALUES (1, ''own'');
-- migrate:up
INSERT INTO t VALUES (2, ''both'');
-- migrate:verify dialect:sqlite
SELECT sqlite_version() > '''';
-- migrate:verify dialect:postgresql
SELECT version() LIKE ''PostgreSQL%'';
-- migrate:verify
SELECT count(*) = 2 FROM t;
-- migrate:down
DROP TABLE t;
-- migrate:down dialect:sqlite
DELETE FROM t WHERE which = ''own'';
-- migrate:down dialect:postgresql
DELETE FROM t WHERE which = ''own'';
');

--# every section of this database, in their order
SELECT migrate_apply();
SELECT n, which FROM t ORDER BY n;
SELECT revision, statements FROM migrate_plan('base', 'revert');
SELECT migrate_revert('base');

--# the sections run downwards in reverse
SELECT migrate_add('
-- migrate:revision first
-- migrate:revises base
-- migrate:up
CREATE TABLE t (n integer);
CREATE TABLE log (n integer);
-- migrate:down
INSERT INTO log VALUES (1);
INSERT INTO log SELECT 10 * n FROM log;
-- migrate:down
INSERT INTO log VALUES (2);
DROP TABLE t;
');
SELECT migrate_apply();
SELECT migrate_revert('base');
SELECT n FROM log ORDER BY n;
DROP TABLE log;

--# one section for each database, and statements that are empty
SELECT migrate_add('
-- migrate:revision first
-- migrate:revises base
-- migrate:up dialect:postgresql
SELECT 1;
-- migrate:up dialect:sqlite
SELECT 1;
-- migrate:revision second
-- migrate:revises first
-- migrate:up
SELECT 1; SELECT 2 ; ; SELECT '';'';
');
SELECT revision, statements FROM migrate_plan();
SELECT checksum FROM migrate_revision WHERE revision = 'second';

--# the checksum knows no line ends, comments, blanks, last semicolons
SELECT migrate_add('-- migrate:revision second
-- migrate:up
SELECT 1;;

   -- a remark
SELECT/* another */2 ; SELECT '';''');
SELECT checksum FROM migrate_revision WHERE revision = 'second';
SELECT migrate_add('-- migrate:revision second
-- migrate:revises first
-- migrate:up
SELECT 1; SELECT 2; SELECT '';'';
-- migrate:down
');
SELECT checksum FROM migrate_revision WHERE revision = 'second';
--# but it knows a word in another case, a string, a hint, a section
SELECT migrate_add('-- migrate:revision second
-- migrate:up
select 1; SELECT 2; SELECT '';'';
');
SELECT checksum FROM migrate_revision WHERE revision = 'second';
SELECT migrate_add('-- migrate:revision second
-- migrate:up
SELECT 1; SELECT 2; SELECT '' ;'';
');
SELECT checksum FROM migrate_revision WHERE revision = 'second';
SELECT migrate_add('-- migrate:revision second
-- migrate:up
SELECT /*+ fast */ 1; SELECT 2; SELECT '';'';
');
SELECT checksum FROM migrate_revision WHERE revision = 'second';
SELECT migrate_add('-- migrate:revision second
-- migrate:up dialect:sqlite
SELECT 1; SELECT 2; SELECT '';'';
-- migrate:up dialect:postgresql
SELECT 1; SELECT 2; SELECT '';'';
');
SELECT checksum FROM migrate_revision WHERE revision = 'second';

--# a script's own transaction is the engine's
SELECT migrate_add('-- migrate:revision second
-- migrate:up
BEGIN;
CREATE TABLE wrapped (n integer);
INSERT INTO wrapped VALUES (1);
COMMIT;
-- migrate:verify
SELECT n = 2 FROM wrapped;
-- migrate:down
BEGIN TRANSACTION;
DROP TABLE wrapped;
END;
');
SELECT revision, statements FROM migrate_plan('second');
SELECT migrate_apply('second');
SELECT revision, state FROM migrate_status();
SELECT migrate_add(replace(migrate_script('second'), 'n = 2', 'n = 1'));
SELECT migrate_apply('second');
SELECT n FROM wrapped;
SELECT migrate_revert('first');
