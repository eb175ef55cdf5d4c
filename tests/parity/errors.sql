-- One kind of bad input after the other. Nothing of them may stay.

--include graph.inc
DELETE FROM migrate_setting;
INSERT INTO migrate_setting (name, value) VALUES ('file_template', '{slug}');

--# ==== scripts
--# no script
SELECT migrate_add('');
--# only comments
SELECT migrate_add('-- nothing
/* at all */
');
--# no up section
SELECT migrate_add('-- migrate:revision a1
-- migrate:down
SELECT 1;
');
--# no revision
SELECT migrate_add('-- migrate:up
SELECT 1;
');
--# text before the first section
SELECT migrate_add('-- migrate:revision a1

SELECT 0;
-- migrate:up
SELECT 1;
');
--# an open quote
SELECT migrate_add('-- migrate:revision a1
-- migrate:revises base
-- migrate:up
SELECT ''open;
');
--# an open name
SELECT migrate_add('-- migrate:revision a1
-- migrate:up
SELECT 1;
SELECT "open;
');
--# an open comment
SELECT migrate_add('-- migrate:revision a1
-- migrate:up
SELECT 1; /* open
');
--# a rollback
SELECT migrate_add('-- migrate:revision a1
-- migrate:revises base
-- migrate:up
SELECT 1;
ROLLBACK;
');
--# a savepoint
SELECT migrate_add('-- migrate:revision a1
-- migrate:revises base
-- migrate:up
SAVEPOINT s;
SELECT 1;
');
--# a begin without an end
SELECT migrate_add('-- migrate:revision a1
-- migrate:revises base
-- migrate:up
BEGIN;
SELECT 1;
');
--# an end without a begin
SELECT migrate_add('-- migrate:revision a1
-- migrate:revises base
-- migrate:up
SELECT 1;
COMMIT;
');
--# a transaction in the middle
SELECT migrate_add('-- migrate:revision a1
-- migrate:revises base
-- migrate:up
SELECT 1;
BEGIN;
SELECT 2;
COMMIT;
');
--# a transaction in a section that refuses one
SELECT migrate_add('-- migrate:revision a1
-- migrate:revises base
-- migrate:up transaction:false
BEGIN;
SELECT 2;
COMMIT;
');
--# a second script that does not read
SELECT migrate_add('-- migrate:revision a1
-- migrate:revises base
-- migrate:up
SELECT 1;
-- migrate:revision a2
-- migrate:upp
');

--# ==== directives
--# unknown
SELECT migrate_add('-- migrate:revision a1
-- migrate:revison a0
-- migrate:up
');
--# unknown and like nothing
SELECT migrate_add('-- migrate:revision a1
-- migrate:zzz
-- migrate:up
');
--# with a blank
SELECT migrate_add('-- migrate:revision a1
-- migrate: up
SELECT 1;
');
--# with capitals
SELECT migrate_add('-- migrate:revision a1
-- Migrate:Up
SELECT 1;
');
--# twice in a header
SELECT migrate_add('-- migrate:revision a1
-- migrate:revises base
-- migrate:revises base
-- migrate:up
');
--# a header behind a section
SELECT migrate_add('-- migrate:revision a1
-- migrate:up
SELECT 1;
-- migrate:labels late
');
--# an empty revision
SELECT migrate_add('-- migrate:revision
-- migrate:up
');
--# two revisions in one line
SELECT migrate_add('-- migrate:revision a1 a2
-- migrate:up
');
--# base and more
SELECT migrate_add('-- migrate:revision a1
-- migrate:revises base users
-- migrate:up
');
--# a date that is none
SELECT migrate_add('-- migrate:revision a1
-- migrate:created 2001-02-30T00:00:00Z
-- migrate:up
');
--# an option that does not exist
SELECT migrate_add('-- migrate:revision a1
-- migrate:up dialcet:sqlite
SELECT 1;
');
--# an option without a value
SELECT migrate_add('-- migrate:revision a1
-- migrate:up dialect
SELECT 1;
');
--# a dialect that does not exist
SELECT migrate_add('-- migrate:revision a1
-- migrate:up dialect:mysql
SELECT 1;
');
--# an option twice
SELECT migrate_add('-- migrate:revision a1
-- migrate:up dialect:sqlite dialect:postgresql
SELECT 1;
');
--# transaction: what
SELECT migrate_add('-- migrate:revision a1
-- migrate:up transaction:off
SELECT 1;
');

--# ==== names
--# a revision with an at sign
SELECT migrate_add('-- migrate:revision a@1
-- migrate:up
');
--# a revision that is a word of targets
SELECT migrate_add('-- migrate:revision head
-- migrate:up
');
SELECT migrate_add('-- migrate:revision current
-- migrate:up
');
--# a long revision
SELECT migrate_add('-- migrate:revision a123456789a123456789a123456789a123456789a123456789a123456789a123456789a123456789a123456789a123456789a123456789a123456789a123456789
-- migrate:up
');
--# a label with a colon
SELECT migrate_add('-- migrate:revision a1
-- migrate:labels good b:d
-- migrate:up
');
--# a label that is a word of targets
SELECT migrate_add('-- migrate:revision a1
-- migrate:labels heads
-- migrate:up
');

--# ==== graphs
--# no parent
SELECT migrate_add('-- migrate:revision a1
-- migrate:revises user
-- migrate:up
');
--# a label is no parent
SELECT migrate_add('-- migrate:revision a1
-- migrate:revises blog
-- migrate:up
');
--# a new script that does not say what it revises
SELECT migrate_add('-- migrate:revision a1
-- migrate:up
');
--# no dependency
SELECT migrate_add('-- migrate:revision a1
-- migrate:revises users
-- migrate:depends post
-- migrate:up
');
--# its own parent
SELECT migrate_add('-- migrate:revision a1
-- migrate:revises a1
-- migrate:up
');
--# its own dependency
SELECT migrate_add('-- migrate:revision a1
-- migrate:revises users
-- migrate:depends a1
-- migrate:up
');
--# a ring
SELECT migrate_add('-- migrate:revision a1
-- migrate:revises a3
-- migrate:up
-- migrate:revision a2
-- migrate:revises a1
-- migrate:up
-- migrate:revision a3
-- migrate:revises a2
-- migrate:up
');
--# a ring through what is there
SELECT migrate_add('-- migrate:revision start
-- migrate:revises base
-- migrate:depends joined
-- migrate:up
CREATE TABLE t_start (n integer);
');
--# the same revision twice
SELECT migrate_add('-- migrate:revision a1
-- migrate:revises users
-- migrate:up
-- migrate:revision a1
-- migrate:revises users
-- migrate:up
');
--# a label that is taken
SELECT migrate_add('-- migrate:revision a1
-- migrate:revises users
-- migrate:labels blog
-- migrate:up
');
--# a label that is a revision
SELECT migrate_add('-- migrate:revision a1
-- migrate:revises users
-- migrate:labels tags
-- migrate:up
');
--# a revision that is a label
SELECT migrate_add('-- migrate:revision blog
-- migrate:revises users
-- migrate:up
');
--# the same parent twice
SELECT migrate_revision('more', NULL, 'users us');
--# parents that are not there
SELECT migrate_revision('more', NULL, 'nosuch');
--# dependencies that are not there
SELECT migrate_revision('more', NULL, 'joined', NULL, 'nosuch');
SELECT migrate_revision('more', NULL, 'joined', NULL, 'base');
--# names that are taken, or none
SELECT migrate_revision('more', NULL, 'joined', NULL, NULL, 'users');
SELECT migrate_revision('more', NULL, 'joined', NULL, NULL, 'blog');
SELECT migrate_revision('more', NULL, 'joined', 'shop');
SELECT migrate_revision('more', NULL, 'joined', 'users');
SELECT migrate_revision('more', NULL, 'joined', 'a+b');
SELECT migrate_revision('more', NULL, 'joined', NULL, NULL, 'a b');
SELECT migrate_revision(NULL);
--# nothing to merge
SELECT migrate_merge('nosuch');

--# ==== targets
SELECT migrate_add('-- migrate:revision extra
-- migrate:revises users
-- migrate:up
-- migrate:down
');
--# more than one head
SELECT migrate_apply();
--# nothing of that name
SELECT migrate_apply('nosuch');
SELECT migrate_apply('user1');
SELECT migrate_apply('hed');
SELECT migrate_revert('bas');
SELECT migrate_apply('');
SELECT migrate_apply('posts@');
SELECT migrate_apply('HEAD');
--# too little of a name
SELECT migrate_apply('a');
SELECT migrate_apply('audi');
--# no such branch, or not on it
SELECT migrate_apply('nosuch@head');
SELECT migrate_apply('blog@goods');
SELECT migrate_apply('users@head');
--# steps that lead nowhere, or to two places
SELECT migrate_apply('+9');
SELECT migrate_apply('+0');
SELECT migrate_apply('-1');
SELECT migrate_apply('+1');
SELECT migrate_apply('users+1');
SELECT migrate_apply('joined-1');
SELECT migrate_apply('joined+1');
SELECT migrate_apply('start-9');
SELECT migrate_apply('logs@+9');
SELECT migrate_apply('users+99999999999999999999');
--# a range where none can be
SELECT migrate_apply('base:users');
--# downwards
SELECT migrate_revert('+1');
SELECT migrate_revert('-1');
SELECT migrate_revert('nosuch');
SELECT migrate_revert('head');
SELECT migrate_revert('users');
--# ranges of history
SELECT revision FROM migrate_history('users');
SELECT revision FROM migrate_history('a:b:c');
SELECT revision FROM migrate_history('tags:users');
SELECT revision FROM migrate_history('nosuch:heads');
SELECT revision FROM migrate_history('goods:tags');
--# others
SELECT migrate_show('nosuch');
SELECT migrate_script('heads');
SELECT migrate_script('base');
SELECT migrate_remove('nosuch');
SELECT migrate_remove('base');
SELECT migrate_fingerprint('nosuch');
SELECT migrate_stamp('nosuch');
SELECT migrate_stamp('+1');
SELECT revision FROM migrate_plan('nosuch');
SELECT revision FROM migrate_plan('nosuch', 'revert');

--# ==== states
SELECT migrate_remove('extra');
SELECT migrate_apply('tags');
--# remove what is applied, or used
SELECT migrate_remove('tags');
SELECT migrate_remove('goods');
--# change what is applied
SELECT migrate_add(replace(migrate_script('tags'), 't_tags', 't_words'));
--# replace what is not there
SELECT migrate_replace('-- migrate:revision a1
-- migrate:up
');
--# a target that is not applied
SELECT migrate_revert('audit');
--# pending
SELECT migrate_check();
--# more steps down than there are
SELECT migrate_revert('-9');
--# a statement that refuses a transaction
SELECT migrate_add('-- migrate:revision alone
-- migrate:revises tags
-- migrate:up transaction:false
SELECT 1;
');
SELECT migrate_apply('alone');
SELECT migrate_remove('alone');
--# no way down
SELECT migrate_add('-- migrate:revision oneway
-- migrate:revises tags
-- migrate:up
SELECT 1;
');
SELECT migrate_apply('oneway');
SELECT migrate_revert('tags');
SELECT migrate_replace(migrate_script('oneway') || '
-- migrate:down
');
SELECT migrate_revert('tags');
SELECT migrate_remove('oneway');
--# a verification that says no
SELECT migrate_add('-- migrate:revision wrong
-- migrate:revises tags
-- migrate:up
INSERT INTO t_tags VALUES (1);
-- migrate:verify
SELECT count(*) = 0 FROM t_tags;
');
SELECT migrate_apply('wrong');
SELECT count(*) FROM t_tags;
SELECT migrate_remove('wrong');
--# a call inside a script
SELECT migrate_add('-- migrate:revision nested
-- migrate:revises tags
-- migrate:up
SELECT migrate_apply(''heads'');
');
SELECT migrate_apply('nested');
SELECT migrate_remove('nested');

--# ==== calls
SELECT migrate_add(NULL);
SELECT migrate_load(NULL);
SELECT migrate_remove(NULL);
SELECT migrate_replace(NULL);
SELECT migrate_script(NULL);
SELECT migrate_revert(NULL);
SELECT migrate_stamp(NULL);
SELECT migrate_show(NULL);
SELECT migrate_graph('png');
SELECT revision FROM migrate_plan('head', 'drop');
SELECT migrate_sql('heads', NULL, 'mysql');
SELECT migrate_sql('nosuch');
SELECT migrate_sql('heads', 'nosuch');
SELECT migrate_load('@dir@/nosuch');
SELECT migrate_load('@dir@/native', 'nosuch');
SELECT migrate_load('@dir@/notes');
SELECT migrate_revision('x', '@dir@/nosuch', 'joined');

--# ==== and nothing of all that has stayed
SELECT revision, state FROM migrate_status();
SELECT action, revision FROM migrate_log ORDER BY id;
