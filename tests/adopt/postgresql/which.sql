--# two tools
CREATE TABLE alembic_version (version_num varchar(32) NOT NULL);
CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY);
SELECT migrate_adopt();
--# tools that do not exist, or not here
SELECT migrate_adopt('cobol');
SELECT migrate_adopt('user_version');
DROP TABLE schema_migrations, alembic_version;
