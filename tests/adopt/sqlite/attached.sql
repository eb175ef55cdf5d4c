--# the state of an attached database, and times as numbers
ATTACH ':memory:' AS tenant;
CREATE TABLE tenant.knex_migrations (id integer PRIMARY KEY, name varchar(255), batch integer, migration_time datetime);
INSERT INTO tenant.knex_migrations VALUES (1, '20190101000000_one.js', 1, 1546387200000), (2, '20190102000000_two.js', 1, 1546387200);
SELECT migrate_load('@dir@/plain');
SELECT migrate_adopt();
SELECT migrate_adopt(schema) FROM (SELECT 'knex' AS schema);
SELECT migrate_adopt('knex', NULL, 'tenant');
SELECT revision, applied_at FROM tenant.migrate_applied;
SELECT count(*) FROM migrate_applied;
--# in a transaction that is taken back
BEGIN;
SELECT migrate_adopt('knex', 'tenant.knex_migrations');
ROLLBACK;
SELECT count(*) FROM migrate_applied;
