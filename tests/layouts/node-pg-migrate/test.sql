--# numbers of 13 and 17 digits are times, marks in any order and writing
SELECT migrate_load('@dir@/node-pg-migrate/tree');
SELECT revision, revises, message FROM migrate_status();
SELECT migrate_script('1700000000000_create-users');
SELECT migrate_script('20231114221320001_cars');
SELECT migrate_script('9_whole');
SELECT migrate_apply();
SELECT migrate_revert('9_whole');

--# what cannot be read
SELECT migrate_load('@dir@/node-pg-migrate/down', 'node-pg-migrate');
SELECT migrate_load('@dir@/node-pg-migrate/program', 'node-pg-migrate');
SELECT migrate_load('@dir@/node-pg-migrate/word', 'node-pg-migrate');
