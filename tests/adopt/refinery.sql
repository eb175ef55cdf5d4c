CREATE TABLE refinery_schema_history (version integer PRIMARY KEY, name varchar(255), applied_on varchar(255), checksum varchar(255));
INSERT INTO refinery_schema_history VALUES (1, 'one', '2019-01-02T00:00:00.123456789Z', '1'), (3, 'three', '2019-01-02T00:00:00Z', NULL);
--# names that are Flyway's too
SELECT migrate_load('@dir@/refinery');
SELECT migrate_load('@dir@/refinery', 'flyway');
--# read as another tool's
SELECT migrate_adopt();
SELECT migrate_load('@dir@/refinery', 'refinery');
--# the file differs; and version 2 is missing
SELECT tool, version, revision, substr(CAST(applied_at AS text), 1, 10), checksum, action, detail FROM migrate_adopt_plan();
SELECT migrate_adopt();
UPDATE refinery_schema_history SET checksum = NULL WHERE version = 1;
SELECT tool, version, revision, substr(CAST(applied_at AS text), 1, 10), checksum, action, detail FROM migrate_adopt_plan();
DELETE FROM refinery_schema_history WHERE version = 3;
SELECT tool, version, revision, substr(CAST(applied_at AS text), 1, 10), checksum, action, detail FROM migrate_adopt_plan();
SELECT migrate_adopt();
SELECT revision, state, CASE WHEN applied_at IS NULL THEN '' ELSE substr(CAST(applied_at AS text), 1, 4) END FROM migrate_status();
SELECT action, revision, detail FROM migrate_log WHERE action = 'adopt' ORDER BY id;
SELECT migrate_adopt();
