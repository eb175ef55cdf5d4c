CREATE SCHEMA sqitch;
CREATE TABLE sqitch.changes (change_id text PRIMARY KEY, script_hash text, change text NOT NULL, project text NOT NULL, note text NOT NULL,
 committed_at timestamp NOT NULL, committer_name text NOT NULL);
INSERT INTO sqitch.changes VALUES ('8ce1ff56a190b83e94eac4fcac09c25433209d44', '703454c59569496cb60468d0fc8e8da528f2dd49', 'one', 'shop', '', '2019-01-02 00:00:00', 'Ann'),
 ('f48a7778333b897d6d112084c5d693daf40aefd3', 'b14ad3904fa0632cff596841fc7f73753027d458', 'two', 'shop', '', '2019-01-03 00:00:00', 'Ann'),
 ('0000000000000000000000000000000000000000', NULL, 'other', 'elsewhere', '', '2019-01-01 00:00:00', 'Bob');
SELECT migrate_load('@dir@/sqitch');
SELECT tool, version, revision, substr(CAST(applied_at AS text), 1, 10), checksum, action, detail FROM migrate_adopt_plan();
SELECT migrate_adopt();
SELECT revision, state, CASE WHEN applied_at IS NULL THEN '' ELSE substr(CAST(applied_at AS text), 1, 4) END FROM migrate_status();
SELECT action, revision, detail FROM migrate_log WHERE action = 'adopt' ORDER BY id;
SELECT migrate_adopt();
SELECT revision, applied_by FROM migrate_applied ORDER BY revision;
--# found by name when the id was made by an older release; a script that has changed
DELETE FROM migrate_applied;
UPDATE sqitch.changes SET change_id = '1111111111111111111111111111111111111111' WHERE change = 'two';
SELECT tool, version, revision, substr(CAST(applied_at AS text), 1, 10), checksum, action, detail FROM migrate_adopt_plan();
UPDATE sqitch.changes SET script_hash = 'abc' WHERE change = 'two';
SELECT migrate_adopt();
--# a gap
DELETE FROM sqitch.changes WHERE change = 'one';
UPDATE sqitch.changes SET script_hash = NULL;
SELECT migrate_adopt();
DROP SCHEMA sqitch CASCADE;
