CREATE SCHEMA hdb_catalog;
CREATE TABLE hdb_catalog.schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL);
INSERT INTO hdb_catalog.schema_migrations VALUES (1550000000000, false), (1550000000001, true);
SELECT migrate_load('@dir@/hasura', 'hasura');
--# dirty
SELECT migrate_adopt();
UPDATE hdb_catalog.schema_migrations SET dirty = false;
SELECT tool, version, revision, substr(CAST(applied_at AS text), 1, 10), checksum, action, detail FROM migrate_adopt_plan();
SELECT migrate_adopt();
SELECT revision, state, CASE WHEN applied_at IS NULL THEN '' ELSE substr(CAST(applied_at AS text), 1, 4) END FROM migrate_status();
SELECT action, revision, detail FROM migrate_log WHERE action = 'adopt' ORDER BY id;
SELECT migrate_adopt();
--# a newer release keeps it in a document
DELETE FROM migrate_applied;
DROP TABLE hdb_catalog.schema_migrations;
CREATE TABLE hdb_catalog.hdb_version (hasura_uuid uuid, cli_state jsonb);
INSERT INTO hdb_catalog.hdb_version VALUES (NULL, '{"migrations": {"default": {"1550000000000": false, "1550000000001": false}}}');
SELECT tool, version, revision, substr(CAST(applied_at AS text), 1, 10), checksum, action, detail FROM migrate_adopt_plan();
SELECT migrate_adopt();
DROP SCHEMA hdb_catalog CASCADE;
