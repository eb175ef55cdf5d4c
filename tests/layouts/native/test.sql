--# repeatable scripts run behind all others, what they depend on first
SELECT migrate_load('@dir@/native/one');
SELECT revision, revises, state, CASE WHEN is_head THEN 'head' END FROM migrate_status();
SELECT step, action, revision FROM migrate_plan();
SELECT step, action, revision FROM migrate_plan('1');
SELECT revision FROM migrate_heads();
SELECT migrate_apply('1');
SELECT migrate_apply();
SELECT migrate_apply();
SELECT v FROM b;
SELECT revision FROM migrate_current();
SELECT migrate_check();

--# a change is pending, and runs again with what is new
SELECT migrate_load('@dir@/native/one');
UPDATE migrate_revision SET source = replace(source, '/native/one/', '/native/two/');
SELECT migrate_load('@dir@/native/two');
SELECT revision, state FROM migrate_status();
SELECT migrate_check();
SELECT step, action, revision FROM migrate_plan('heads');
SELECT migrate_apply('heads');
SELECT id, v FROM b ORDER BY id;
SELECT migrate_apply('heads');
SELECT action, revision FROM migrate_log ORDER BY id;

--# a change that is only a comment is none
SELECT migrate_add('-- migrate:revision c
-- migrate:repeatable
-- migrate:up
-- a comment
INSERT INTO t SELECT 1 + coalesce(max(id), 0), ''ran'' FROM t;
');
SELECT migrate_apply();

--# a revert leaves them alone, and they can be removed
SELECT migrate_revert('1');
SELECT revision, state FROM migrate_status();
SELECT migrate_apply();
SELECT migrate_remove('b');
SELECT revision, state FROM migrate_status();
SELECT migrate_stamp('base', true);
SELECT revision, state FROM migrate_status();

--# what does not fit
SELECT migrate_load('@dir@/native/bad');
SELECT migrate_add('-- migrate:revision d
-- migrate:revises c
-- migrate:up
');
SELECT migrate_add('-- migrate:revision d
-- migrate:revises 2
-- migrate:depends c
-- migrate:up
');
SELECT migrate_add('-- migrate:revision d
-- migrate:repeatable often
-- migrate:up
');

--# where a section came from
SELECT migrate_add('-- migrate:revision e
-- migrate:revises base
-- migrate:up file: line:1
');
SELECT migrate_add('-- migrate:revision e
-- migrate:revises base
-- migrate:up file:a.sql line:0
');
SELECT migrate_add('-- migrate:revision e
-- migrate:revises base
-- migrate:up line:7 line:8
');
SELECT migrate_add('-- migrate:revision e
-- migrate:revises base
-- migrate:origin flyway
-- migrate:up
');
SELECT migrate_add('-- migrate:revision e
-- migrate:revises base
-- migrate:origin flyway 1 2 3
-- migrate:up
');
SELECT migrate_add('-- migrate:revision e
-- migrate:revises base
-- migrate:up file:my%20file.sql line:41
SELECT 1;
SELECT ''no end;
');
SELECT migrate_add('-- migrate:revision e
-- migrate:revises base
-- migrate:up file:my%20file.sql line:41
SELECT 1;
-- migrate:down
ROLLBACK;
SELECT ''no end;
');
SELECT migrate_add('-- migrate:revision e
-- migrate:revises base
-- migrate:up file:my%20file.sql line:41
SELECT 1;
  -- migrate:up
');

--# more than one layout
SELECT migrate_load('@dir@/native/doubt');
