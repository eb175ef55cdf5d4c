CREATE TABLE flyway_schema_history (installed_rank integer PRIMARY KEY, version varchar(50), description varchar(200) NOT NULL,
 type varchar(20) NOT NULL, script varchar(1000) NOT NULL, checksum integer, installed_by varchar(100) NOT NULL, installed_on timestamp NOT NULL,
 execution_time integer NOT NULL, success boolean NOT NULL);
INSERT INTO flyway_schema_history VALUES
 (1, '1', 'one', 'SQL', 'V1__one.sql', -946296534, 'ann', '2019-01-02 00:00:00', 12, true),
 (2, '1.2', 'two', 'SQL', 'V1_2__two.sql', -1690046798, 'ann', '2019-01-03 00:00:00', 13, true),
 (3, NULL, 'the view', 'SQL', 'R__the_view.sql', 1281688395, 'bob', '2019-01-03 00:00:00', 1, true);
SELECT migrate_load('@dir@/flyway');
SELECT tool, version, revision, substr(CAST(applied_at AS text), 1, 10), checksum, action, detail FROM migrate_adopt_plan();
SELECT migrate_adopt();
SELECT revision, state, CASE WHEN applied_at IS NULL THEN '' ELSE substr(CAST(applied_at AS text), 1, 4) END FROM migrate_status();
SELECT action, revision, detail FROM migrate_log WHERE action = 'adopt' ORDER BY id;
SELECT migrate_adopt();
SELECT revision, applied_by, elapsed_ms FROM migrate_applied ORDER BY revision;
SELECT migrate_apply();
SELECT count(*) FROM migrate_adopt_plan() WHERE action = 'known';
--# a file that was changed, and a version without a file
DELETE FROM migrate_applied;
UPDATE flyway_schema_history SET checksum = 1 WHERE installed_rank = 1;
INSERT INTO flyway_schema_history VALUES (4, '7', 'seven', 'JDBC', 'Seven', NULL, 'ann', '2019-01-04 00:00:00', 1, true);
SELECT tool, version, revision, substr(CAST(applied_at AS text), 1, 10), checksum, action, detail FROM migrate_adopt_plan();
SELECT migrate_adopt();
SELECT count(*) FROM migrate_applied;
--# a failed one
DELETE FROM flyway_schema_history WHERE installed_rank IN (1, 4);
UPDATE flyway_schema_history SET success = false WHERE installed_rank = 2;
SELECT migrate_adopt();
--# a baseline, an undone version, a repeatable that has changed
UPDATE flyway_schema_history SET success = true;
INSERT INTO flyway_schema_history VALUES
 (5, '1.1', 'baseline', 'BASELINE', 'baseline', NULL, 'ann', '2019-01-01 00:00:00', 0, true),
 (6, '1.2', 'two', 'UNDO_SQL', 'U1_2__two.sql', NULL, 'ann', '2019-01-05 00:00:00', 0, true);
UPDATE flyway_schema_history SET checksum = 5 WHERE version IS NULL;
SELECT tool, version, revision, substr(CAST(applied_at AS text), 1, 10), checksum, action, detail FROM migrate_adopt_plan();
