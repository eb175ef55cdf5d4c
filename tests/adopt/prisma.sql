CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamp, migration_name varchar(255) NOT NULL,
 logs text, rolled_back_at timestamp, started_at timestamp NOT NULL, applied_steps_count integer NOT NULL);
INSERT INTO _prisma_migrations VALUES ('a', 'e871a80c41cc55c968ead5b7e19e71663784bd2fd5fda491f819a13dfd3998c9', '2019-01-02 00:00:00', '20190101000000_one', NULL, NULL, '2019-01-02 00:00:00', 1),
 ('b', '0', NULL, '20190102000000_two', 'it failed', '2019-01-03 00:00:01', '2019-01-03 00:00:00', 0),
 ('c', 'df75f02bbba6db84fad96d29a630e847b2db370207363099b997009ae4d59fe8', '2019-01-04 00:00:00', '20190102000000_two', NULL, NULL, '2019-01-04 00:00:00', 1),
 ('d', '6bfff780e0e030f5ddb6405ac05261668beaf044c5bc6f374baf3170d438817e', NULL, '20190103000000_three', 'under way', NULL, '2019-01-05 00:00:00', 0);
SELECT migrate_load('@dir@/prisma');
--# not finished
SELECT migrate_adopt();
--# rolled back
UPDATE _prisma_migrations SET rolled_back_at = '2019-01-06 00:00:00' WHERE id = 'd';
SELECT tool, version, revision, substr(CAST(applied_at AS text), 1, 10), checksum, action, detail FROM migrate_adopt_plan();
SELECT migrate_adopt();
SELECT revision, state, CASE WHEN applied_at IS NULL THEN '' ELSE substr(CAST(applied_at AS text), 1, 4) END FROM migrate_status();
SELECT action, revision, detail FROM migrate_log WHERE action = 'adopt' ORDER BY id;
SELECT migrate_adopt();
--# changed
UPDATE _prisma_migrations SET checksum = '0000000000000000000000000000000000000000000000000000000000000000' WHERE id = 'a';
SELECT migrate_adopt();
