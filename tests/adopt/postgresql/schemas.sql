--# a table in each of two schemas
CREATE SCHEMA one;
CREATE SCHEMA "Two";
CREATE TABLE one.alembic_version (version_num varchar(32) NOT NULL);
CREATE TABLE "Two".alembic_version (version_num varchar(32) NOT NULL);
INSERT INTO one.alembic_version VALUES ('a1');
INSERT INTO "Two".alembic_version VALUES ('a2');
SELECT migrate_load('@dir@/alembic_native');
SELECT migrate_adopt();
SELECT migrate_adopt('alembic', 'one.');
SELECT migrate_adopt('alembic', 'Two.alembic_version');
DELETE FROM migrate_applied;
--# each schema's own state
SELECT migrate_adopt('alembic', NULL, 'one');
SELECT migrate_adopt(schema => 'Two');
SELECT schema, revision FROM migrate_applied ORDER BY schema, revision;
--# what a view says does not count
DELETE FROM migrate_applied;
DROP TABLE one.alembic_version;
CREATE VIEW one.alembic_version AS SELECT 'a4'::text AS version_num;
SELECT migrate_adopt();
--# one transaction
DELETE FROM migrate_applied;
BEGIN;
SELECT migrate_adopt();
ROLLBACK;
SELECT count(*) FROM migrate_applied;
DROP SCHEMA one CASCADE;
DROP SCHEMA "Two" CASCADE;
