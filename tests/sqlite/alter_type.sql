-- A change of type finds the values that PostgreSQL would refuse, and makes no
-- text that PostgreSQL would not make.
SELECT migrate_add('-- migrate:revision 1
-- migrate:up
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, s text, d double precision, b boolean, ts timestamptz);
INSERT INTO t (s, d, b) VALUES (''abcdef'', 1.6, true), (''12'', 2.0, false);
');
SELECT migrate_apply();
SELECT migrate_add('-- migrate:revision a
-- migrate:revises 1
-- migrate:up
ALTER TABLE t ALTER COLUMN s TYPE varchar(3);
-- migrate:revision b
-- migrate:revises 1
-- migrate:up
ALTER TABLE t ALTER COLUMN s TYPE integer USING s::integer;
-- migrate:revision c
-- migrate:revises 1
-- migrate:up
ALTER TABLE t ALTER COLUMN b TYPE text;
-- migrate:revision d
-- migrate:revises 1
-- migrate:up
ALTER TABLE t ALTER COLUMN d TYPE integer;
-- migrate:revision e
-- migrate:revises 1
-- migrate:up
UPDATE t SET s = ''7'' WHERE s = ''abcdef'';
ALTER TABLE t ALTER COLUMN s TYPE integer USING CAST(s AS integer);
-- migrate:revision f
-- migrate:revises 1
-- migrate:up
ALTER TABLE t ALTER COLUMN b TYPE text USING CASE WHEN b THEN ''true'' ELSE ''false'' END;
');
SELECT migrate_apply('a');
SELECT migrate_apply('b');
SELECT migrate_apply('c');
SELECT migrate_apply('d');
SELECT migrate_apply('e');
SELECT migrate_apply('f'); 
SELECT id, s, typeof(s), b, d FROM t;

-- USING with nothing but the column is none: the rows stay where they are.
SELECT migrate_add('-- migrate:revision g
-- migrate:revises 1
-- migrate:up
ALTER TABLE t ALTER COLUMN s TYPE varchar(20);
-- migrate:revision h
-- migrate:revises g
-- migrate:up
ALTER TABLE t ALTER COLUMN s TYPE text USING "S";
-- migrate:revision i
-- migrate:revises h
-- migrate:up
ALTER TABLE t ALTER COLUMN s TYPE text USING s || '''';
-- migrate:revision same
-- migrate:revises h
-- migrate:up dialect:sqlite
UPDATE t SET s = x''00'' WHERE id = 1;
-- migrate:up
ALTER TABLE t ALTER COLUMN s TYPE text;
ALTER TABLE t ALTER COLUMN s TYPE TEXT USING s;
');
SELECT migrate_apply('g');
CREATE TEMP TABLE was AS SELECT rootpage FROM main.sqlite_master WHERE name = 't';
SELECT migrate_apply('h');
SELECT 'in place', rootpage = (SELECT rootpage FROM was), sql LIKE '%s text%' FROM main.sqlite_master WHERE name = 't';
SELECT migrate_apply('i');
SELECT 'in place', rootpage = (SELECT rootpage FROM was) FROM main.sqlite_master WHERE name = 't';
-- The type that it has is no change, and no value is looked at.
SELECT migrate_apply('same');
SELECT 'same', typeof(s) FROM t WHERE id = 1;
