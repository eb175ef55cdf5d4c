--# order by version, transactions by metadata.toml, what is not read
SELECT migrate_load('@dir@/diesel/tree');
SELECT revision, revises, message FROM migrate_status();
SELECT step, revision, CASE WHEN transactional THEN 'yes' ELSE 'no' END FROM migrate_plan();
SELECT migrate_script('20240101000000');
SELECT migrate_script('00000000000000');
SELECT migrate_apply('20240101000000');
SELECT migrate_revert('-1');
SELECT migrate_load('@dir@/diesel/tree', 'diesel');

--# folders that Diesel refuses
SELECT migrate_load('@dir@/diesel/no_up', 'diesel');
SELECT migrate_load('@dir@/diesel/notes', 'diesel');
SELECT migrate_load('@dir@/diesel/empty', 'diesel');
