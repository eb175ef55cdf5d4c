-- Scripts on the host.
SELECT writefile('@tmp@/dir/2026_one.sql', '-- migrate:revision 1
-- migrate:revises base

-- migrate:up
CREATE TABLE a(x);

-- migrate:down
DROP TABLE a;
') > 0;
SELECT writefile('@tmp@/dir/2027_two.sql', '-- migrate:up
CREATE TABLE b(x);
CREATE TABLE b(x);
') > 0;
SELECT writefile('@tmp@/dir/readme.txt', 'x'), writefile('@tmp@/dir/sub/x.txt', 'x');
SELECT writefile('@tmp@/outside.sql', '-- migrate:up
') > 0;
.shell ln -s ../outside.sql @tmp@/dir/3000_outside.sql
.shell ln -s 2026_one.sql @tmp@/dir/sub.link
.shell ln -s nowhere @tmp@/dir/4000_broken.sql
.shell mkfifo @tmp@/dir/5000_pipe.sql
SELECT migrate_load('@tmp@/dir');
SELECT migrate_load('@tmp@/dir/');
SELECT revision, revises, message, state FROM migrate_status();
SELECT migrate_load('@tmp@/dir/2026_one.sql');
SELECT migrate_apply('head');
.print -- what cannot be read
SELECT migrate_load('@tmp@/dir/5000_pipe.sql');
SELECT migrate_load('@tmp@/nix');
SELECT migrate_load('@tmp@/dir/sub');
SELECT migrate_load('a' || char(0) || 'b');
SELECT migrate_load('');
.print -- a script from readfile(), from fsdir()
SELECT migrate_add(readfile('@tmp@/dir/2026_one.sql'));
SELECT migrate_add(data) FROM fsdir('@tmp@/outside.sql');
.print -- a new script
INSERT INTO migrate_setting VALUES ('file_template', '{slug}');
SELECT migrate_revision('hello world', '@tmp@/dir', 'base', NULL, NULL, 'abc');
SELECT substr(readfile('@tmp@/dir/hello_world.sql'), 1, 26);
SELECT migrate_revision('hello world', '@tmp@/dir', 'base', NULL, NULL, 'abc');
SELECT migrate_revision('hello world', '@tmp@/nix', 'base', NULL, NULL, 'abc');
.print -- only for the one who asks, not for a view
CREATE VIEW v AS SELECT migrate_load('@tmp@/dir');
SELECT * FROM v;
