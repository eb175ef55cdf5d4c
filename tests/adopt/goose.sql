CREATE TABLE goose_db_version (id integer PRIMARY KEY, version_id bigint NOT NULL, is_applied boolean NOT NULL, tstamp timestamp);
INSERT INTO goose_db_version VALUES (1, 0, true, '2019-01-01 00:00:00'), (2, 1, true, '2019-01-02 00:00:00'),
 (3, 2, true, '2019-01-03 00:00:00'), (4, 2, false, '2019-01-04 00:00:00'), (5, 2, true, '2019-01-05 00:00:00'),
 (6, 3, true, '2019-01-06 00:00:00'), (7, 3, false, '2019-01-07 00:00:00');
SELECT migrate_load('@dir@/goose');
--# a lock that is held
CREATE TABLE goose_lock (lock_id bigint PRIMARY KEY, locked boolean NOT NULL, locked_by text);
INSERT INTO goose_lock VALUES (1, true, 'pod-7');
SELECT migrate_adopt();
SELECT count(*) FROM migrate_adopt_plan();
UPDATE goose_lock SET locked = false;
--# rows for up and down: the newest wins
SELECT tool, version, revision, substr(CAST(applied_at AS text), 1, 10), checksum, action, detail FROM migrate_adopt_plan();
SELECT migrate_adopt();
SELECT revision, state, CASE WHEN applied_at IS NULL THEN '' ELSE substr(CAST(applied_at AS text), 1, 4) END FROM migrate_status();
SELECT action, revision, detail FROM migrate_log WHERE action = 'adopt' ORDER BY id;
SELECT migrate_adopt();
