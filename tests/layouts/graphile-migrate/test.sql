--# hashes in a chain, line ends changed since, no-transaction
SELECT migrate_load('@dir@/graphile-migrate/tree');
SELECT revision, revises, message FROM migrate_status();
SELECT migrate_script('000001');
SELECT migrate_script('000002');
SELECT migrate_apply('000001');

--# texts and chains that were changed
SELECT migrate_load('@dir@/graphile-migrate/changed');
SELECT migrate_load('@dir@/graphile-migrate/chain');
SELECT migrate_load('@dir@/graphile-migrate/head');
SELECT migrate_load('@dir@/graphile-migrate/key');
