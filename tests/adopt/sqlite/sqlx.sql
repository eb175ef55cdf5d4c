CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY, description text NOT NULL, installed_on timestamp NOT NULL, success boolean NOT NULL,
 checksum blob NOT NULL, execution_time bigint NOT NULL);
INSERT INTO _sqlx_migrations VALUES (1, 'one', '2019-01-02 00:00:00', true, x'437b7ebcf734f7a6f73ed8916cbb585e43f92c7e4447f551702a373a9bc8a56c3043567625764603c7ebfdaf44d003be', 7000000), (2, 'two', '2019-01-02 00:00:00', false, x'6fce9ceb4b7fdf39add2f03fd67b625b02db1b34869bb3c19b0f26c9de058111f2301b8cce260361efa9c972abadbd07', -1);
SELECT migrate_load('@dir@/sqlx');
--# not finished
SELECT migrate_adopt();
UPDATE _sqlx_migrations SET success = true;
SELECT tool, version, revision, substr(CAST(applied_at AS text), 1, 10), checksum, action, detail FROM migrate_adopt_plan();
SELECT migrate_adopt();
SELECT revision, state, CASE WHEN applied_at IS NULL THEN '' ELSE substr(CAST(applied_at AS text), 1, 4) END FROM migrate_status();
SELECT action, revision, detail FROM migrate_log WHERE action = 'adopt' ORDER BY id;
SELECT migrate_adopt();
SELECT revision, elapsed_ms FROM migrate_applied ORDER BY revision;
--# the same files with other line ends
SELECT migrate_stamp('base', true);
UPDATE _sqlx_migrations SET checksum = x'f19b9ea70cb1bc6f87c009051a7419333fd193fc25bafeb689aaaaf6f2af23b618a4390b0c10e9eaa3070c9a985a055e' WHERE version = 1;
SELECT version, checksum, action FROM migrate_adopt_plan();
SELECT migrate_load('@dir@/dos/sqlx');
SELECT version, checksum, action FROM migrate_adopt_plan();
UPDATE _sqlx_migrations SET checksum = x'7c9a87c63519e9b7e98a8c22c56bfcf5d3bce2d50ecb5469080daac56ad8e432eef4f6ec6df4f4a5013471856903f759' WHERE version = 1;
SELECT version, checksum, action FROM migrate_adopt_plan();
