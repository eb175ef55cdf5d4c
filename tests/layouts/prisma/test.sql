--# folders in the order of their names
SELECT migrate_load('@dir@/prisma/tree');
SELECT revision, revises, message, state FROM migrate_status();
SELECT migrate_script('20240101000000_init');
SELECT migrate_script('20240102000000_two');
SELECT migrate_apply();
SELECT "id", "email" FROM "User";
SELECT migrate_load('@dir@/prisma/tree', 'prisma');

--# what does not read
SELECT migrate_load('@dir@/prisma/open');
