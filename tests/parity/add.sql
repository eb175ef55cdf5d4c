--# nothing is there
SELECT revision FROM migrate_status();
SELECT migrate_apply();

--# one script
SELECT migrate_add('
-- migrate:revision a1
-- migrate:message make a
-- migrate:up
CREATE TABLE a (n integer);
-- migrate:down
DROP TABLE a;
');

--# the same again changes nothing
SELECT migrate_add('
-- migrate:revision a1
-- migrate:message make a
-- migrate:up
CREATE TABLE a (n integer);
-- migrate:down
DROP TABLE a;
');

--# two at once, the second revises the first
SELECT migrate_add('-- migrate:revision b1
-- migrate:revises a1
-- migrate:up
CREATE TABLE b (n integer);
-- migrate:down
DROP TABLE b;
-- migrate:revision c1
-- migrate:up
CREATE TABLE c (n integer);
-- migrate:down
DROP TABLE c;
');
SELECT revision, revises, message, state FROM migrate_status();

--# a parent may come after its child in one text
SELECT migrate_add('-- migrate:revision e1
-- migrate:revises d1
-- migrate:up
-- migrate:revision d1
-- migrate:revises c1
-- migrate:up
');
SELECT revision, revises FROM migrate_status();

--# the script comes back byte for byte
SELECT '[' || migrate_script('b1') || ']';
SELECT '[' || migrate_script('e1') || ']';

--# a pending script may change
SELECT migrate_add('-- migrate:revision e1
-- migrate:revises d1
-- migrate:message changed
-- migrate:up
SELECT 1;
');
SELECT message, state FROM migrate_status() WHERE revision = 'e1';

--# an applied one may change in its comments, its white space and its down
SELECT migrate_apply('a1');
SELECT migrate_add('
-- migrate:revision a1
-- migrate:message make a, again
-- migrate:up
CREATE   TABLE a (n /* number */ integer)
-- migrate:down
DROP TABLE IF EXISTS a;
');
SELECT message, state FROM migrate_status() WHERE revision = 'a1';

--# but not in its up
SELECT migrate_add('
-- migrate:revision a1
-- migrate:up
CREATE TABLE a (n bigint);
-- migrate:down
DROP TABLE a;
');

--# unless one means it
SELECT migrate_replace('
-- migrate:revision a1
-- migrate:message make a
-- migrate:up
CREATE TABLE a (n bigint);
-- migrate:down
DROP TABLE a;
');
SELECT message, state FROM migrate_status() WHERE revision = 'a1';
SELECT revision, problem FROM migrate_verify();

--# remove what is not applied and nobody needs
SELECT migrate_remove('e1');
SELECT migrate_remove('d1');
SELECT revision, state FROM migrate_status();

--# all or nothing: the second of these does not read
SELECT migrate_add('-- migrate:revision x1
-- migrate:revises c1
-- migrate:up
-- migrate:revision x2
-- migrate:up
SELECT ''open;
');
SELECT count(*) FROM migrate_status() WHERE revision LIKE 'x%';

--# inside the caller's transaction
BEGIN;
SELECT migrate_add('-- migrate:revision x1
-- migrate:revises c1
-- migrate:up
');
SELECT count(*) FROM migrate_status() WHERE revision = 'x1';
ROLLBACK;
SELECT count(*) FROM migrate_status() WHERE revision = 'x1';
