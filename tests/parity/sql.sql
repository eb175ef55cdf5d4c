--include graph.inc

--# offline: the same text from either database
SELECT migrate_sql('start', 'base', 'sqlite');
SELECT migrate_sql('tags', 'posts', 'postgresql');
--# downwards
SELECT migrate_sql('base', 'users', 'postgresql');
SELECT CASE WHEN migrate_sql('heads') = migrate_sql('heads', NULL, migrate_dialect()) THEN 'own' END;
SELECT CASE WHEN migrate_sql('heads', 'base', 'sqlite') = migrate_sql('heads', 'base', 'postgresql') THEN 'same' END;

--# from where the database is
SELECT migrate_apply('tags');
SELECT migrate_sql('carts', NULL, 'postgresql');

--# a range is none of it
SELECT migrate_sql('users:joined', NULL, 'sqlite');
