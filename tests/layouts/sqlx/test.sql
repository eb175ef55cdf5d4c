--# order by number, no-transaction only as the first bytes, pairs
SELECT migrate_load('@dir@/sqlx/tree', 'sqlx');
SELECT revision, revises, message FROM migrate_status();
SELECT step, revision, CASE WHEN transactional THEN 'yes' ELSE 'no' END FROM migrate_plan();
SELECT migrate_script('9');
SELECT migrate_script('0012');
SELECT migrate_script('1');
SELECT migrate_apply('1');

--# names that do not do
SELECT migrate_load('@dir@/sqlx/twice', 'sqlx');
SELECT migrate_load('@dir@/sqlx/word', 'sqlx');

--# nothing tells whose it is
SELECT migrate_load('@dir@/sqlx/doubt');
