CREATE TABLE schema_migrations (version bigint PRIMARY KEY, inserted_at timestamp);
INSERT INTO schema_migrations VALUES (20190101000000, '2019-01-05 10:00:00'), (20190102000000, '2019-01-06 10:00:00');
SELECT migrate_load('@dir@/plain');
SELECT tool, version, revision, substr(CAST(applied_at AS text), 1, 10), checksum, action, detail FROM migrate_adopt_plan();
SELECT migrate_adopt();
SELECT revision, state, CASE WHEN applied_at IS NULL THEN '' ELSE substr(CAST(applied_at AS text), 1, 4) END FROM migrate_status();
SELECT action, revision, detail FROM migrate_log WHERE action = 'adopt' ORDER BY id;
SELECT migrate_adopt();
