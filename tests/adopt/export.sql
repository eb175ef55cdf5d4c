--# as it is
SELECT migrate_load('@dir@/plain');
SELECT name, content FROM migrate_export('dbmate');
SELECT name, content FROM migrate_export('golang-migrate');
--# a folder for each database where scripts differ; versions without a line
SELECT migrate_remove(revision) FROM (SELECT '20190103000000' AS revision UNION ALL SELECT '20190102000000' UNION ALL SELECT '20190101000000') AS r;
SELECT migrate_load('@dir@/export');
SELECT name, content FROM migrate_export('dbmate');
SELECT name, content FROM migrate_export('goose');
SELECT name, content FROM migrate_export('flyway');
SELECT name, content FROM migrate_export('golang-migrate');
--# revisions that are no numbers
SELECT migrate_remove('20190103_000000');
SELECT migrate_add('-- migrate:revision last
-- migrate:revises 20190102_000000
-- migrate:message the last one
-- migrate:up
CREATE TABLE last (x integer);');
SELECT name FROM migrate_export('goose');
--# what cannot be said
SELECT count(*) FROM migrate_export('cobol');
SELECT migrate_add('-- migrate:revision checked
-- migrate:revises last
-- migrate:up
CREATE TABLE checked (x integer);
-- migrate:verify
SELECT 1;');
SELECT count(*) FROM migrate_export('dbmate');
SELECT migrate_remove('checked');
SELECT migrate_add('-- migrate:revision mixed
-- migrate:revises last
-- migrate:up
CREATE TABLE mixed (x integer);
-- migrate:up transaction:false
CREATE INDEX mixed_x ON mixed (x);');
SELECT count(*) FROM migrate_export('dbmate');
SELECT migrate_remove('mixed');
SELECT migrate_add('-- migrate:revision again
-- migrate:repeatable
-- migrate:up
DROP VIEW IF EXISTS v;
CREATE VIEW v AS SELECT 1 AS x;');
SELECT count(*) FROM migrate_export('goose');
SELECT name, content FROM migrate_export('flyway') WHERE name LIKE 'R%';
