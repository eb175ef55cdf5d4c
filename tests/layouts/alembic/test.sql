--# the graph of the Python files, the statements of --sql
SELECT migrate_load('@dir@/alembic/tree');
SELECT revision, revises, depends, labels, message, state FROM migrate_status();
SELECT migrate_script('aaa111');
SELECT migrate_script('bbb222');
SELECT migrate_script('ddd444');
SELECT migrate_script('eee555');
SELECT migrate_script('fff666');
SELECT migrate_apply('ddd444');
SELECT note FROM users;
SELECT migrate_revert('aaa111');
SELECT migrate_revert('base');

--# a transaction for each step, a table of another name
SELECT migrate_load('@dir@/alembic/steps');
SELECT migrate_script('a');
SELECT migrate_script('b');
SELECT migrate_apply('b');
SELECT id, note FROM t;
SELECT migrate_revert('a');
SELECT migrate_revert('-1');

--# what does not fit
SELECT migrate_load('@dir@/alembic/nosql', 'alembic');
SELECT migrate_load('@dir@/alembic/part', 'alembic');
SELECT migrate_load('@dir@/alembic/twice');
SELECT migrate_load('@dir@/alembic/unknown');
SELECT migrate_load('@dir@/alembic/value');
SELECT migrate_load('@dir@/alembic/same');
