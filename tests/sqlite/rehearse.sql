-- A rehearsal runs the plan, measures it, and leaves nothing but its rows.
PRAGMA foreign_keys = on;
SELECT migrate_add('-- migrate:revision 1
-- migrate:revises base
-- migrate:up
CREATE TABLE users (id integer PRIMARY KEY, email text);
INSERT INTO users (email) VALUES (''a''), (''b'');
-- migrate:verify
SELECT count(*) = 2 FROM users;
-- migrate:down
DROP TABLE users;
-- migrate:revision 2
-- migrate:revises 1
-- migrate:up
ALTER TABLE users ADD COLUMN name text;
CREATE INDEX users_name
ON users (name);
CREATE TABLE logins (user_id integer REFERENCES users);
-- migrate:down
DROP INDEX users_name;
ALTER TABLE users RENAME COLUMN name TO nickname;
-- migrate:revision 3
-- migrate:revises 2
-- migrate:up transaction:false
VACUUM;
CREATE TABLE late (x integer);
');
.print -- all of it; what refuses a transaction is only listed
SELECT migrate_rehearse();
SELECT step, action, revision, line, statement, rows, note,
elapsed_ms >= 0 AS measured FROM migrate_rehearsal;
SELECT count(*), sum(bytes) > 0 FROM migrate_rehearsal
WHERE revision = '1' AND locks IS NULL AND rewritten IS NULL;
.print -- nothing is there
SELECT name FROM sqlite_master
WHERE name IN ('users', 'logins', 'late', 'users_name');
SELECT count(*) FROM migrate_applied;
SELECT count(*) FROM migrate_log;
.print -- up, down and up again
SELECT migrate_rehearse('head', NULL, 'round trip');
SELECT step, action, revision, note FROM migrate_rehearsal
WHERE note IS NOT NULL;
.print -- downgrades
SELECT migrate_apply('1');
SELECT migrate_rehearse('base', NULL, 'revert');
SELECT step, action, revision, line, statement, rows FROM migrate_rehearsal;
SELECT count(*) FROM users;
.print -- inside the caller's transaction
BEGIN;
INSERT INTO users VALUES (3, 'c');
SELECT migrate_rehearse('2');
SELECT count(*) FROM users;
ROLLBACK;
.print -- a failure is that of a run, and leaves nothing
SELECT migrate_add('-- migrate:revision 4
-- migrate:revises 2
-- migrate:up
CREATE TABLE fine (x integer);
INSERT INTO nowhere VALUES (1);
');
SELECT migrate_rehearse('4');
SELECT name FROM sqlite_master WHERE name = 'fine';
.print -- what COMMIT would refuse
SELECT migrate_add('-- migrate:revision 5
-- migrate:revises 1
-- migrate:up
CREATE TABLE child (p integer REFERENCES users DEFERRABLE INITIALLY DEFERRED);
INSERT INTO child VALUES (99);
');
SELECT migrate_rehearse('5');
.print -- nothing to do
SELECT migrate_rehearse('1');
SELECT count(*) FROM migrate_rehearsal;
.print -- not in a view, not while a statement reads, no other action
CREATE VIEW v AS SELECT migrate_rehearse('head');
SELECT * FROM v;
SELECT migrate_rehearse('head') FROM users;
SELECT migrate_rehearse('head', NULL, 'twice');
.print -- an attached database
ATTACH ':memory:' AS other;
SELECT migrate_rehearse('2', 'other');
SELECT count(*) FROM other.sqlite_master;
