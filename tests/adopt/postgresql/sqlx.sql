CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY, description text NOT NULL, installed_on timestamp NOT NULL, success boolean NOT NULL,
 checksum bytea NOT NULL, execution_time bigint NOT NULL);
INSERT INTO _sqlx_migrations VALUES (1, 'one', '2019-01-02 00:00:00', true, '\x437b7ebcf734f7a6f73ed8916cbb585e43f92c7e4447f551702a373a9bc8a56c3043567625764603c7ebfdaf44d003be', 7000000), (2, 'two', '2019-01-02 00:00:00', false, '\x6fce9ceb4b7fdf39add2f03fd67b625b02db1b34869bb3c19b0f26c9de058111f2301b8cce260361efa9c972abadbd07', -1);
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
