--# order of the journal, breakpoints with and without a semicolon
SELECT migrate_load('@dir@/drizzle/tree');
SELECT revision, revises, message, state FROM migrate_status();
SELECT substr(CAST(created_at AS text), 1, 4) FROM migrate_revision ORDER BY revision;
SELECT migrate_script('0001_second_name');
SELECT migrate_apply('0001_second_name');
SELECT "id", "name" FROM "users";
SELECT migrate_apply('0000_first-name');
SELECT migrate_load('@dir@/drizzle/tree', 'drizzle');

--# the place of an error is the file's
SELECT migrate_load('@dir@/drizzle/control');

--# without a journal by name, and the folders of 1.0
SELECT migrate_load('@dir@/drizzle/names');
SELECT migrate_apply('0001_b');
SELECT migrate_load('@dir@/drizzle/folders');
SELECT migrate_script('20240102030405_one');

--# what does not read
SELECT migrate_load('@dir@/drizzle/missing');
SELECT migrate_load('@dir@/drizzle/tagless');
SELECT migrate_load('@dir@/drizzle/json');
