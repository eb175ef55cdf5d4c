-- A pragma that a script sets does not outlive the revision.
SELECT migrate_add('-- migrate:revision 1
-- migrate:revises base
-- migrate:up
CREATE TABLE t(x CHECK (x > 0));
PRAGMA cache_size = 100;
PRAGMA cache_size = 200;
PRAGMA main.journal_size_limit = 4096;
PRAGMA "legacy_alter_table" = ON;
PRAGMA recursive_triggers(1);
pragma /* here */ Ignore_Check_Constraints = 1;
INSERT INTO t VALUES (-1);
PRAGMA writable_schema = ON;
PRAGMA busy_timeout = 5;
PRAGMA user_version = 4;
PRAGMA application_id = 44;
PRAGMA defer_foreign_keys = on;
PRAGMA table_info(t);
PRAGMA foreign_key_check;
PRAGMA query_only = 1;
-- migrate:down
PRAGMA recursive_triggers = on;
DROP TABLE t;
-- migrate:revision 2
-- migrate:revises 1
-- migrate:up
PRAGMA case_sensitive_like = 1;
-- migrate:revision 3
-- migrate:revises 1
-- migrate:up
PRAGMA legacy_alter_table = 1;
SELECT * FROM nix;
');
PRAGMA busy_timeout = 1234;
PRAGMA reverse_unordered_selects = on;
SELECT migrate_apply('1');
PRAGMA cache_size;
PRAGMA main.journal_size_limit;
PRAGMA legacy_alter_table;
PRAGMA recursive_triggers;
PRAGMA ignore_check_constraints;
PRAGMA writable_schema;
PRAGMA busy_timeout;
PRAGMA defer_foreign_keys;
PRAGMA query_only;
PRAGMA reverse_unordered_selects;
.print -- what is written into the file does
PRAGMA user_version;
PRAGMA application_id;
.print -- after a failure too
SELECT migrate_apply('3');
PRAGMA legacy_alter_table;
SELECT migrate_revert('base');
PRAGMA recursive_triggers;
.print -- one that could not work
SELECT migrate_apply('2');
