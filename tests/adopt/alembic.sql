--# the newest revisions stand for all that they build on
CREATE TABLE alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY);
INSERT INTO alembic_version VALUES ('a4');
SELECT migrate_adopt();
SELECT migrate_load('@dir@/alembic_native');
SELECT tool, version, revision, substr(CAST(applied_at AS text), 1, 10), checksum, action, detail FROM migrate_adopt_plan();
SELECT migrate_adopt();
SELECT revision, state, CASE WHEN applied_at IS NULL THEN '' ELSE substr(CAST(applied_at AS text), 1, 4) END FROM migrate_status();
SELECT action, revision, detail FROM migrate_log WHERE action = 'adopt' ORDER BY id;
SELECT migrate_adopt();

--# two heads, one of which is applied already
INSERT INTO alembic_version VALUES ('a3');
SELECT migrate_adopt('alembic');
--# a revision of which no script is known
INSERT INTO alembic_version VALUES ('zz');
SELECT tool, version, revision, substr(CAST(applied_at AS text), 1, 10), checksum, action, detail FROM migrate_adopt_plan();
SELECT migrate_adopt('alembic');
