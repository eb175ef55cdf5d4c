CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY);
INSERT INTO schema_migrations VALUES ('20190101000000'), ('20190103000000');
--# before the scripts are there
SELECT migrate_adopt();
SELECT migrate_load('@dir@/plain');
--# what was merged late is still to run
SELECT tool, version, revision, substr(CAST(applied_at AS text), 1, 10), checksum, action, detail FROM migrate_adopt_plan();
SELECT migrate_adopt();
SELECT revision, state, CASE WHEN applied_at IS NULL THEN '' ELSE substr(CAST(applied_at AS text), 1, 4) END FROM migrate_status();
SELECT action, revision, detail FROM migrate_log WHERE action = 'adopt' ORDER BY id;
SELECT migrate_adopt();
SELECT migrate_apply();
--# an application that is not there
SELECT migrate_adopt('knex');
--# a table of another name
ALTER TABLE schema_migrations RENAME TO done;
SELECT migrate_adopt();
SELECT migrate_adopt('dbmate', 'done');
INSERT INTO done VALUES ('20200101000000');
SELECT migrate_adopt('dbmate', 'done');
SELECT tool, version, revision, substr(CAST(applied_at AS text), 1, 10), checksum, action, detail FROM migrate_adopt_plan('dbmate', 'done');
