-- Rebuilds without foreign keys.
PRAGMA foreign_keys = on;
SELECT migrate_add('-- migrate:revision 1
-- migrate:revises base
-- migrate:up
CREATE TABLE p(id integer primary key, v);
CREATE TABLE c(id integer primary key, p REFERENCES p ON DELETE CASCADE);
CREATE TABLE w(id text primary key, p REFERENCES p) WITHOUT ROWID;
INSERT INTO p VALUES (1, 1), (2, 2), (3, 3);
INSERT INTO c VALUES (1, 1), (2, 2);
INSERT INTO w VALUES (''x'', 3);
-- migrate:down
DROP TABLE w; DROP TABLE c; DROP TABLE p;
-- migrate:revision 2
-- migrate:revises 1
-- migrate:up
PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE new_p(id integer primary key, v, w);
INSERT INTO new_p SELECT id, v, 0 FROM p;
DROP TABLE p;
ALTER TABLE new_p RENAME TO p;
COMMIT;
PRAGMA foreign_keys = ON;
-- migrate:revision 3
-- migrate:revises 2
-- migrate:up
PRAGMA foreign_keys = OFF;
DELETE FROM p WHERE id = 2;
PRAGMA foreign_keys = ON;
-- migrate:revision 4
-- migrate:revises 2
-- migrate:up
PRAGMA foreign_keys = OFF;
DELETE FROM p WHERE id = 3;
PRAGMA foreign_keys = ON;
');
SELECT migrate_apply('1');
.print -- in the transaction of the caller
BEGIN;
SELECT migrate_apply('2');
SELECT count(*) FROM c;
ROLLBACK;
.print -- in one of its own: no cascade
SELECT migrate_apply('2');
SELECT * FROM p;
SELECT * FROM c;
PRAGMA foreign_keys;
.print -- new violations
SELECT migrate_apply('3');
SELECT migrate_apply('4');
SELECT count(*) FROM p;
PRAGMA foreign_keys;
.print -- old ones are no fault of the script
PRAGMA foreign_keys = off;
INSERT INTO c VALUES (7, 77), (8, 77);
INSERT INTO w VALUES ('y', 78);
SELECT migrate_apply('3');
SELECT migrate_apply('4');
DELETE FROM c WHERE p = 2;
SELECT migrate_apply('3');
.print -- off they were, off they stay, and so in a transaction
PRAGMA foreign_keys;
DELETE FROM w WHERE p = 3;
BEGIN;
SELECT migrate_apply('4');
COMMIT;
SELECT * FROM pragma_foreign_key_check ORDER BY 1, 2;
.print -- a schema that cannot be checked
SELECT migrate_add('-- migrate:revision 5
-- migrate:revises 3
-- migrate:up
PRAGMA foreign_keys = OFF;
CREATE TABLE bad(x REFERENCES p(v));
PRAGMA foreign_keys = ON;
');
SELECT migrate_apply('5');
CREATE TABLE bad(x REFERENCES p(v));
SELECT migrate_add('-- migrate:revision 5
-- migrate:revises 3
-- migrate:up
PRAGMA foreign_keys = OFF;
SELECT 1;
PRAGMA foreign_keys = ON;
');
PRAGMA foreign_keys = on;
SELECT migrate_apply('5');
PRAGMA foreign_keys;
