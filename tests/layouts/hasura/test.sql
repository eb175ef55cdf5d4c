--# order by number
SELECT migrate_load('@dir@/hasura/tree');
SELECT revision, revises, message, state FROM migrate_status();
SELECT migrate_script('1589271234567');
SELECT migrate_apply();
SELECT migrate_load('@dir@/hasura/tree/default', 'hasura');
SELECT migrate_load('@dir@/hasura/tree/default');
SELECT migrate_load('@dir@/hasura/tree', 'hasura');
SELECT migrate_revert('base');

--# what does not read
SELECT migrate_load('@dir@/hasura/several');
SELECT migrate_load('@dir@/hasura/old', 'hasura');
