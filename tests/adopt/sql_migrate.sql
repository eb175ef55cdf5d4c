CREATE TABLE gorp_migrations (id text PRIMARY KEY, applied_at timestamp);
INSERT INTO gorp_migrations VALUES ('1_one.sql', '2019-01-02 00:00:00');
CREATE TABLE one (id integer);
SELECT migrate_load('@dir@/sql-migrate');
SELECT migrate_adopt();
SELECT revision, state FROM migrate_status();
SELECT migrate_apply();
INSERT INTO gorp_migrations VALUES ('0_gone.sql', '2019-01-02 00:00:00');
SELECT migrate_adopt('sql-migrate');
