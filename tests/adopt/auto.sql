--# nothing to adopt
SELECT migrate_adopt();
SELECT count(*) FROM migrate_adopt_plan();
--# a table of that name that is none
CREATE TABLE alembic_version (other varchar(32) NOT NULL);
SELECT migrate_adopt();
--# an empty one
DROP TABLE alembic_version;
CREATE TABLE alembic_version (version_num varchar(32) NOT NULL);
SELECT migrate_adopt();
SELECT count(*) FROM migrate_adopt_plan();
