-- What COMMENT ON says goes with what it is about: new names, and DROP.
SELECT migrate_add('-- migrate:revision 1
-- migrate:up
CREATE TYPE mood AS ENUM (''a'');
CREATE TYPE hue AS ENUM (''a'');
CREATE TABLE t (id integer, m mood, x numeric, CONSTRAINT c CHECK (id > 0), CONSTRAINT d CHECK (id < 9));
CREATE TABLE tt (id integer, CONSTRAINT c CHECK (id > 0));
CREATE INDEX i ON t (id);
CREATE INDEX j ON t (m);
CREATE INDEX k ON tt (id);
COMMENT ON TABLE t IS ''1'';
COMMENT ON COLUMN t.id IS ''2'';
COMMENT ON COLUMN public.t.m IS ''3'';
COMMENT ON CONSTRAINT c ON t IS ''4'';
COMMENT ON CONSTRAINT d ON t IS ''5'';
COMMENT ON INDEX i IS ''6'';
COMMENT ON INDEX j IS ''7'';
COMMENT ON TYPE mood IS ''8'';
COMMENT ON TYPE hue IS ''9'';
COMMENT ON TABLE tt IS ''10'';
COMMENT ON COLUMN tt.id IS ''11'';
COMMENT ON CONSTRAINT c ON tt IS ''12'';
COMMENT ON INDEX k IS ''13'';
-- migrate:revision 2
-- migrate:revises 1
-- migrate:up
ALTER TABLE public.T RENAME TO u;
ALTER TABLE u RENAME COLUMN ID TO "the id";
ALTER TABLE IF EXISTS u RENAME m TO mm;
ALTER TABLE IF EXISTS nothing RENAME TO other;
-- migrate:revision 3
-- migrate:revises 2
-- migrate:up
ALTER TABLE `u` RENAME TO "to be";
-- migrate:revision 4
-- migrate:revises 3
-- migrate:up
ALTER TABLE "to be" RENAME CONSTRAINT C TO e;
ALTER TABLE "to be" DROP CONSTRAINT d;
DROP INDEX I, j;
DROP TYPE IF EXISTS hue;
ALTER TYPE mood RENAME TO temper;
-- migrate:revision 5
-- migrate:revises 4
-- migrate:up
DROP TABLE tt;
-- migrate:revision 6
-- migrate:revises 5
-- migrate:up dialect:sqlite
ALTER TABLE "to be" RENAME TO t;
');
SELECT migrate_apply('1');
SELECT * FROM migrate_comment ORDER BY CAST(comment AS integer);
.print -- new names
SELECT migrate_apply('2');
SELECT * FROM migrate_comment ORDER BY CAST(comment AS integer);
SELECT migrate_apply('3');
SELECT * FROM migrate_comment ORDER BY CAST(comment AS integer);
.print -- gone
SELECT migrate_apply('4');
SELECT * FROM migrate_comment ORDER BY CAST(comment AS integer);
SELECT migrate_apply('5');
SELECT * FROM migrate_comment ORDER BY CAST(comment AS integer);
.print -- a section of SQLite's own
SELECT migrate_apply('6');
SELECT * FROM migrate_comment ORDER BY CAST(comment AS integer);
.once @tmp@/renames.sql
SELECT migrate_sql('3', '2');
ATTACH ':memory:' AS x;
.print -- an attached database
SELECT migrate_apply('3', 'x');
SELECT * FROM x.migrate_comment ORDER BY CAST(comment AS integer);
SELECT migrate_apply('6', 'x');
SELECT * FROM x.migrate_comment ORDER BY CAST(comment AS integer);
.print -- a script does the same
.shell grep -c "UPDATE OR REPLACE migrate_comment" @tmp@/renames.sql
.print -- what goes with a column, and with a table that others refer to
SELECT migrate_add('-- migrate:revision 7
-- migrate:revises 6
-- migrate:up
CREATE TABLE p (id integer PRIMARY KEY);
CREATE TABLE q (a integer, b integer CONSTRAINT qb CHECK (b > 0), c integer UNIQUE,
  p integer CONSTRAINT qp REFERENCES p, CONSTRAINT qac CHECK (a < c), CONSTRAINT qa CHECK (a > 0));
CREATE INDEX ia ON q (a);
CREATE INDEX ib ON q (b);
CREATE INDEX ic ON q (a) WHERE c > 0;
COMMENT ON CONSTRAINT qb ON q IS ''20'';
COMMENT ON CONSTRAINT q_c_key ON q IS ''21'';
COMMENT ON CONSTRAINT qp ON q IS ''22'';
COMMENT ON CONSTRAINT qac ON q IS ''23'';
COMMENT ON CONSTRAINT qa ON q IS ''24'';
COMMENT ON INDEX ia IS ''25'';
COMMENT ON INDEX ib IS ''26'';
COMMENT ON INDEX ic IS ''27'';
COMMENT ON COLUMN q.b IS ''28'';
COMMENT ON TABLE p IS ''29'';
-- migrate:revision 8
-- migrate:revises 7
-- migrate:up
ALTER TABLE q DROP COLUMN b;
-- migrate:revision 9
-- migrate:revises 8
-- migrate:up
ALTER TABLE q DROP COLUMN c;
-- migrate:revision 10
-- migrate:revises 9
-- migrate:up
DROP TABLE p CASCADE;
');
SELECT migrate_apply('7');
SELECT migrate_apply('8');
SELECT * FROM migrate_comment WHERE CAST(comment AS integer) >= 20 ORDER BY CAST(comment AS integer);
SELECT migrate_apply('9');
SELECT * FROM migrate_comment WHERE CAST(comment AS integer) >= 20 ORDER BY CAST(comment AS integer);
SELECT migrate_apply('10');
SELECT * FROM migrate_comment WHERE CAST(comment AS integer) >= 20 ORDER BY CAST(comment AS integer);
