CREATE TABLE __diesel_schema_migrations (version varchar(50) PRIMARY KEY, run_on timestamp NOT NULL);
INSERT INTO __diesel_schema_migrations VALUES ('20190101000000', '2019-01-02 00:00:00'), ('20190102000000', '2019-01-02 00:00:00');
SELECT migrate_load('@dir@/diesel');
SELECT tool, version, revision, substr(CAST(applied_at AS text), 1, 10), checksum, action, detail FROM migrate_adopt_plan();
SELECT migrate_adopt();
SELECT revision, state, CASE WHEN applied_at IS NULL THEN '' ELSE substr(CAST(applied_at AS text), 1, 4) END FROM migrate_status();
SELECT action, revision, detail FROM migrate_log WHERE action = 'adopt' ORDER BY id;
SELECT migrate_adopt();
