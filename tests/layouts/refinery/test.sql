--# order by number, folders, names that do not do
SELECT migrate_load('@dir@/refinery/tree');
SELECT revision, revises, message FROM migrate_status();
SELECT migrate_script('1');
SELECT migrate_script('2');
SELECT migrate_script('3000000000');
SELECT migrate_apply();

SELECT migrate_load('@dir@/refinery/point', 'refinery');
SELECT migrate_load('@dir@/refinery/twice', 'refinery');

--# names that are Flyway's as well, and one that is not
SELECT migrate_load('@dir@/refinery/doubt');
SELECT migrate_load('@dir@/refinery/late');
SELECT source FROM migrate_revision WHERE source LIKE '%/late/%' ORDER BY 1;
