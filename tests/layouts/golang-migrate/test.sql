--# order by number, CRLF and a mark, parts that are missing
SELECT migrate_load('@dir@/golang-migrate/tree');
SELECT revision, revises, message, state FROM migrate_status();
SELECT migrate_script('10');
SELECT migrate_apply();
SELECT id, name, email FROM users;
SELECT migrate_load('@dir@/golang-migrate/tree', 'golang-migrate');
SELECT migrate_revert('000002');
SELECT count(*) FROM users;
SELECT migrate_revert('base');

--# what does not read
SELECT migrate_load('@dir@/golang-migrate/twice');
SELECT migrate_load('@dir@/golang-migrate/large');
SELECT migrate_load('@dir@/golang-migrate/open');
SELECT migrate_load('@dir@/golang-migrate/mixed', 'golang-migrate');
SELECT migrate_load('@dir@/golang-migrate/tree', 'golang');

--# the place of an error is the file's
SELECT migrate_load('@dir@/golang-migrate/broken');
SELECT migrate_apply('1');

--# the stored ones make room
SELECT migrate_remove(revision) FROM (SELECT '12' AS revision) AS r;
--# names and folders for one database
SELECT migrate_load('@dir@/golang-migrate/dialects');
SELECT migrate_apply('2');
SELECT CASE WHEN kind = migrate_dialect() THEN 'right' ELSE kind END FROM kinds;
