-- Arguments of functions and of tables.
.nullvalue NULL
SELECT migrate_add(x'2d2d206d6967726174653a7265766973696f6e20310a2d2d206d6967726174653a7265766973657320626173650a2d2d206d6967726174653a75700a2d2d206d6967726174653a646f776e0a');
SELECT migrate_add('-- migrate:revision 2
-- migrate:revises 1
-- migrate:up
-- migrate:down
');
.print -- their number
SELECT migrate_apply('head', 'main', 1);
SELECT migrate_add();
SELECT migrate_add(NULL);
SELECT migrate_stamp('1', 0, NULL, 4);
.print -- their types
SELECT migrate_stamp('1', 'bla');
SELECT migrate_stamp('1', 'yes'), migrate_stamp(2, '0'), migrate_stamp('1', 0.0);
SELECT migrate_script(1) = migrate_script('1');
SELECT typeof(migrate_apply()), typeof(migrate_version()), typeof(migrate_script('1'));
.print -- databases
SELECT migrate_apply('head', 'nope');
SELECT migrate_apply('head', 'temp');
SELECT migrate_apply('head', 'MAIN');
SELECT migrate_apply('head', 'main' || char(0) || 'x');
.print -- hidden columns
SELECT step, revision FROM migrate_plan('base', 'revert');
SELECT step, revision, target, action_argument, schema FROM migrate_plan
WHERE target = 'base' AND action_argument = 'revert';
SELECT name FROM pragma_table_xinfo('migrate_plan') WHERE hidden;
SELECT revision FROM migrate_history WHERE range = '1:2' AND range = '2:2';
SELECT v.column1, h.revision FROM migrate_history('base:' || v.column1) AS h,
(VALUES ('1'), ('2')) AS v ORDER BY 1, 2;
SELECT v.column1, (SELECT count(*) FROM migrate_history('base:' || v.column1))
FROM (VALUES ('1'), ('2'), ('2')) AS v;
SELECT a.revision, b.revision FROM migrate_heads() AS a
LEFT JOIN migrate_history(a.revision || ':' || a.revision) AS b;
SELECT * FROM migrate_plan('base', 'revert', 'main', 1);
SELECT * FROM migrate_plan('nix');
SELECT count(*) FROM migrate_history AS h, migrate_history('nix' || h.revision) AS i;
.print -- values: times are text, truth is a number
SELECT typeof(applied_at), applied_at GLOB '20??-??-??T*Z', typeof(is_head), typeof(elapsed_ms)
FROM migrate_status();
SELECT rowid, revision FROM migrate_history() WHERE rowid = 2;
.print -- in indexes only what is pure
CREATE TABLE t(x);
CREATE INDEX i ON t(migrate_version());
CREATE INDEX j ON t(migrate_script(x));
