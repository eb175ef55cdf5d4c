--# order by version, whatever the folder; undo and settings
SELECT migrate_load('@dir@/flyway/tree');
INSERT INTO migrate_setting (name, value) VALUES ('placeholder.word', 'second');
SELECT migrate_load('@dir@/flyway/tree');
SELECT revision, revises, message, state FROM migrate_status();
SELECT migrate_script('1.9.0');
SELECT migrate_script('R__b_view');
SELECT migrate_apply();
SELECT id, v FROM t ORDER BY id;
SELECT migrate_load('@dir@/flyway/tree', 'flyway');
SELECT migrate_apply();
SELECT migrate_check();

--# what does not read
SELECT migrate_load('@dir@/flyway/twice');
SELECT migrate_load('@dir@/flyway/conf');
INSERT INTO migrate_setting (name, value) VALUES ('placeholder.ONE', '1');
INSERT INTO migrate_setting (name, value) VALUES ('placeholder.one', '1');
SELECT migrate_load('@dir@/flyway/places');

--# folders for one database
SELECT migrate_load('@dir@/flyway/vendors');
SELECT migrate_apply('90');
SELECT CASE WHEN kind = migrate_dialect() THEN 'right' ELSE kind END FROM flyway_kinds;
