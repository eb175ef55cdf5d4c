--# order by number, then by name; notransaction
SELECT migrate_load('@dir@/sql-migrate/tree');
SELECT revision, revises, message FROM migrate_status();
SELECT migrate_script('9_users');
SELECT migrate_script('10_index');
SELECT migrate_apply('9_users');
SELECT migrate_revert('base');

--# marks that do not read
SELECT migrate_load('@dir@/sql-migrate/mark', 'sql-migrate');
SELECT migrate_load('@dir@/sql-migrate/twice', 'sql-migrate');
SELECT migrate_load('@dir@/sql-migrate/option', 'sql-migrate');
SELECT migrate_load('@dir@/sql-migrate/none', 'sql-migrate');
