-- A plan that outgrows what is kept of it makes the work of its later steps a
-- second time: with the tables as they were before the step, not as the whole
-- plan leaves them.
SELECT migrate_add('-- migrate:revision ' || column1 || '
-- migrate:revises ' || column2 || '
-- migrate:up
-- ' || replace(hex(zeroblob(column3)), '0', 'x') || '
' || column4) IS NOT NULL FROM (VALUES
	('r1', 'base', 8200000,
'CREATE TABLE t (id serial PRIMARY KEY, f boolean);'),
	('r2', 'r1', 600000,
'INSERT INTO public.t (f) VALUES (''t'');'),
	('r3', 'r2', 600000,
'ALTER TABLE t RENAME COLUMN f TO g;
ALTER TABLE t ADD COLUMN f text;
INSERT INTO public.t (f, g) VALUES (''t'', ''f'');'));
SELECT migrate_apply();
SELECT id, f, g, typeof(f), typeof(g) FROM t;
SELECT migrate_stamp('base');
DROP TABLE t;
SELECT migrate_run();
SELECT id, f, g, typeof(f), typeof(g) FROM t;
