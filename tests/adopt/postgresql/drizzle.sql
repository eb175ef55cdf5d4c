CREATE SCHEMA drizzle;
CREATE TABLE drizzle.__drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric);
INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('e871a80c41cc55c968ead5b7e19e71663784bd2fd5fda491f819a13dfd3998c9', 1550000000000), ('6bfff780e0e030f5ddb6405ac05261668beaf044c5bc6f374baf3170d438817e', 1550000002000);
SELECT migrate_load('@dir@/drizzle');
--# a gap that the tool itself would never close
SELECT migrate_adopt();
UPDATE drizzle.__drizzle_migrations SET hash = 'df75f02bbba6db84fad96d29a630e847b2db370207363099b997009ae4d59fe8', created_at = 1550000009000 WHERE created_at = 1550000002000;
--# by hash first
SELECT tool, version, revision, substr(CAST(applied_at AS text), 1, 10), checksum, action, detail FROM migrate_adopt_plan();
SELECT migrate_adopt();
SELECT revision, state, CASE WHEN applied_at IS NULL THEN '' ELSE substr(CAST(applied_at AS text), 1, 4) END FROM migrate_status();
SELECT action, revision, detail FROM migrate_log WHERE action = 'adopt' ORDER BY id;
SELECT migrate_adopt();
UPDATE drizzle.__drizzle_migrations SET hash = '0', created_at = 1550000001000 WHERE created_at = 1550000009000;
SELECT migrate_adopt();
DROP SCHEMA drizzle CASCADE;
