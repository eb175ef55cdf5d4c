--# changesets, attributes, properties, rollback
SELECT migrate_load('@dir@/liquibase/tree');
SELECT revision, revises, message FROM migrate_status();
SELECT migrate_script('01_users_1');
SELECT migrate_script('01_users_id_with_blank');
SELECT migrate_script('01_users_1_bob');
SELECT migrate_script('01_users_undo');
SELECT migrate_script('02_views_v');
SELECT migrate_script('02_views_1');
SELECT migrate_apply('01_users_1');
SELECT migrate_revert('base');

--# what does not read
SELECT migrate_load('@dir@/liquibase/hyphen');
SELECT migrate_load('@dir@/liquibase/noid');
SELECT migrate_load('@dir@/liquibase/before');
SELECT migrate_load('@dir@/liquibase/property');
SELECT migrate_load('@dir@/liquibase/undo');

--# what cannot be kept
SELECT migrate_load('@dir@/liquibase/check');
SELECT migrate_load('@dir@/liquibase/pattern');
SELECT migrate_load('@dir@/liquibase/include');

--# settings: contexts, labels, parameters, preconditions
SELECT migrate_load('@dir@/liquibase/context');
INSERT INTO migrate_setting (name, value) VALUES ('liquibase.contexts', 'dev,fast');
INSERT INTO migrate_setting (name, value) VALUES ('liquibase.labels', 'y and not z');
INSERT INTO migrate_setting (name, value) VALUES ('liquibase.preconditions', 'ignore');
INSERT INTO migrate_setting (name, value) VALUES ('placeholder.five', '5');
SELECT migrate_load('@dir@/liquibase/context');
SELECT revision, state FROM migrate_status();
SELECT migrate_script('a_5');
SELECT migrate_load('@dir@/liquibase/expression');
SELECT migrate_load('@dir@/liquibase/check');
