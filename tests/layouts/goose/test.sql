--# order by number, blocks, CRLF and a mark
SELECT migrate_load('@dir@/goose/tree');
SELECT revision, revises, message, state FROM migrate_status();
SELECT revision, CASE WHEN transactional THEN 'one' ELSE 'none' END, statements FROM migrate_plan();
SELECT migrate_script('9');
SELECT migrate_apply('9');
SELECT id, length(name) FROM users ORDER BY id;
SELECT migrate_load('@dir@/goose/tree', 'goose');
SELECT migrate_revert('base');

--# what does not read
SELECT migrate_load('@dir@/goose/indented');
SELECT migrate_load('@dir@/goose/unknown');
SELECT migrate_load('@dir@/goose/unended');
SELECT migrate_load('@dir@/goose/nameless');
SELECT migrate_load('@dir@/goose/twice');
SELECT migrate_load('@dir@/goose/order');

--# variables have to be given
SELECT migrate_load('@dir@/goose/env');
INSERT INTO migrate_setting (name, value) VALUES ('placeholder.GOOSE_A', 'x'), ('placeholder.GOOSE_B', 'y');
SELECT migrate_load('@dir@/goose/env');
SELECT migrate_apply('1');
SELECT a, b, c FROM env;
SELECT migrate_stamp('base');

--# what only goose can run
SELECT migrate_load('@dir@/goose/go');
SELECT migrate_apply('2');
SELECT migrate_stamp('2');
SELECT revision, state FROM migrate_status();
