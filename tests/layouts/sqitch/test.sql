--# order of the plan, reworked changes, tags, dependencies
SELECT migrate_load('@dir@/sqitch/tree');
SELECT revision, revises, depends, labels, message, state FROM migrate_status();
SELECT migrate_script('users');
SELECT migrate_script('users.2');
SELECT migrate_apply('v1.0.0-beta');
SELECT migrate_apply('head');
SELECT id, mail FROM users;
SELECT migrate_revert('v1.0.0-beta');
SELECT migrate_revert('base');
SELECT migrate_check();

--# BOM, CRLF, blanks; a verify script that gives no rows
SELECT migrate_load('@dir@/sqitch/crlf', 'sqitch');
SELECT revision, revises, depends, labels, message FROM migrate_status() WHERE revision IN ('one', 'two');
SELECT migrate_apply('two');

--# folders and endings of sqitch.conf
SELECT migrate_load('@dir@/sqitch/moved');
SELECT migrate_script('moved');

--# plans that do not read
SELECT migrate_load('@dir@/sqitch/twice');
SELECT migrate_load('@dir@/sqitch/conflict');
SELECT migrate_load('@dir@/sqitch/lost');
SELECT migrate_load('@dir@/sqitch/other');
SELECT migrate_load('@dir@/sqitch/mysql');
SELECT migrate_load('@dir@/sqitch/nodate');
SELECT migrate_load('@dir@/sqitch/noproject');
