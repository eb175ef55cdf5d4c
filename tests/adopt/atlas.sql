CREATE TABLE atlas_schema_revisions (version varchar(255) PRIMARY KEY, description varchar(255), type bigint NOT NULL, applied bigint NOT NULL,
 total bigint NOT NULL, executed_at timestamp NOT NULL, execution_time bigint NOT NULL, error text, hash varchar(255) NOT NULL, operator_version varchar(255));
INSERT INTO atlas_schema_revisions VALUES ('.atlas_cloud_identifier', '', 2, 0, 0, '2019-01-02 00:00:00', 0, NULL, '', ''),
 ('20190101', 'one', 2, 1, 1, '2019-01-02 00:00:00', 5000000, NULL, '9FzhzklNyZBCeZdGY72hwmY94ZV9Rib5tXczOPj97d4=', ''),
 ('20190102', 'two', 2, 0, 1, '2019-01-02 00:00:00', 5000000, 'it failed', '8L7jRnNXbgt1R3qHl140usqnvPnyFUUMkPE3KvJGZZA=', '');
SELECT migrate_load('@dir@/atlas');
SELECT tool, version, revision, substr(CAST(applied_at AS text), 1, 10), checksum, action, detail FROM migrate_adopt_plan();
SELECT migrate_adopt();
--# set straight
UPDATE atlas_schema_revisions SET applied = 1, error = '' WHERE version = '20190102';
SELECT tool, version, revision, substr(CAST(applied_at AS text), 1, 10), checksum, action, detail FROM migrate_adopt_plan();
SELECT migrate_adopt();
SELECT revision, state, CASE WHEN applied_at IS NULL THEN '' ELSE substr(CAST(applied_at AS text), 1, 4) END FROM migrate_status();
SELECT action, revision, detail FROM migrate_log WHERE action = 'adopt' ORDER BY id;
SELECT migrate_adopt();
SELECT revision, elapsed_ms FROM migrate_applied ORDER BY revision;
--# a baseline
DELETE FROM migrate_applied;
DELETE FROM atlas_schema_revisions WHERE version <> '20190102';
UPDATE atlas_schema_revisions SET type = 1;
SELECT tool, version, revision, substr(CAST(applied_at AS text), 1, 10), checksum, action, detail FROM migrate_adopt_plan();
