--include graph.inc

--# offline: the same text from either database
SELECT migrate_sql('start', 'base', 'sqlite');
SELECT migrate_sql('start', 'base', 'postgresql');
SELECT migrate_sql('base', 'users', 'sqlite');
SELECT migrate_sql('users:joined', NULL, 'sqlite');
SELECT migrate_sql('tags', 'posts', 'postgresql');
SELECT CASE WHEN migrate_sql('heads') = migrate_sql('heads', NULL, migrate_dialect()) THEN 'own' END;

--# nothing to do
SELECT migrate_sql('users', 'users', 'sqlite');

--# from where the database is
SELECT migrate_apply('tags');
SELECT migrate_sql('carts', NULL, 'postgresql');
