--# offline: the tables as the revisions below the start leave them
SELECT migrate_add('-- migrate:revision 3
-- migrate:revises 2
-- migrate:up
ALTER TABLE t DROP COLUMN f;
ALTER TABLE t ADD COLUMN f boolean;
-- migrate:down
DELETE FROM t WHERE f = ''t'';
ALTER TABLE t DROP COLUMN f;
ALTER TABLE t ADD COLUMN f text;
-- migrate:revision 2
-- migrate:revises 1
-- migrate:up
INSERT INTO t (id, f) VALUES (2, ''t'');
-- migrate:down
DELETE FROM t WHERE f = ''t'';
-- migrate:revision 1
-- migrate:revises base
-- migrate:up
CREATE TABLE t (id int NOT NULL PRIMARY KEY, f text);
-- migrate:down
DROP TABLE t;
-- migrate:revision 4
-- migrate:revises 3
-- migrate:up
INSERT INTO t (id, f) VALUES (4, ''t'');
-- migrate:down
DELETE FROM t WHERE f = ''t'';
-- migrate:revision 5
-- migrate:revises 4
-- migrate:up
ALTER TABLE t DROP COLUMN f;
ALTER TABLE t ADD COLUMN f bytea;
');
SELECT CASE WHEN migrate_sql('2', '1', 'sqlite') LIKE '%VALUES (2, ''t'');%' THEN 'text' END;
SELECT CASE WHEN migrate_sql('4', '3', 'sqlite') LIKE '%VALUES (4, TRUE);%' THEN 'boolean' END;
SELECT CASE WHEN migrate_sql('4', '1', 'sqlite') LIKE '%VALUES (2, ''t'');%VALUES (4, TRUE);%' THEN 'both' END;
--# downwards: as those that are still applied leave them
SELECT CASE WHEN migrate_sql('3', '4', 'sqlite') LIKE '%f = TRUE;%' THEN 'boolean' END;
SELECT CASE WHEN migrate_sql('1', '2', 'sqlite') LIKE '%f = ''t'';%' THEN 'text' END;
SELECT CASE WHEN migrate_sql('1', '4', 'sqlite') LIKE '%f = TRUE;%f = TRUE;%f = ''t'';%' THEN 'all' END;

--# a child that was stored before its parent, in a later call
SELECT migrate_apply('3');
SELECT migrate_apply('4');
SELECT CASE WHEN migrate_sql('4', '3', 'sqlite') LIKE '%VALUES (4, TRUE);%' THEN 'boolean' END;
SELECT id, CASE WHEN f THEN 'yes' ELSE 'no' END FROM t ORDER BY id;
SELECT migrate_revert('base');

--# branches: in the order in which they were applied
SELECT migrate_add('-- migrate:revision one
-- migrate:revises 1
-- migrate:up
ALTER TABLE t DROP COLUMN f;
ALTER TABLE t ADD COLUMN f text;
-- migrate:revision other
-- migrate:revises 1
-- migrate:up
ALTER TABLE t DROP COLUMN f;
ALTER TABLE t ADD COLUMN f boolean;
-- migrate:revision rows
-- migrate:revises one other
-- migrate:up
INSERT INTO t (id, f) VALUES (1, ''t'');
');
SELECT migrate_apply('other');
SELECT migrate_apply('one');
UPDATE migrate_applied SET applied_at = '2001-01-01T00:00:00.000000Z' WHERE revision = '1';
UPDATE migrate_applied SET applied_at = '2001-01-01T00:00:00.000001Z' WHERE revision = 'other';
UPDATE migrate_applied SET applied_at = '2001-01-01T00:00:00.000002Z' WHERE revision = 'one';
SELECT migrate_apply('rows');
SELECT f FROM t;

--# what was renamed is known under its new name, and the old one is free
SELECT migrate_add('-- migrate:revision a
-- migrate:revises base
-- migrate:up
CREATE TYPE mood AS ENUM (''sad'', ''ok'');
CREATE TABLE people (id int NOT NULL PRIMARY KEY, glad boolean, m mood);
-- migrate:revision b
-- migrate:revises a
-- migrate:up
ALTER TYPE mood RENAME TO temper;
ALTER TABLE people RENAME TO "Folk";
ALTER TABLE "Folk" RENAME COLUMN glad TO merry;
CREATE TABLE people (id int NOT NULL PRIMARY KEY, glad text);
-- migrate:revision c
-- migrate:revises b
-- migrate:up
ALTER TYPE temper RENAME TO humour;
ALTER TABLE "Folk" RENAME TO folks;
CREATE TYPE mood AS ENUM (''new'');
-- migrate:revision d
-- migrate:revises c
-- migrate:up
CREATE TABLE more (id int NOT NULL PRIMARY KEY, h humour, m mood);
INSERT INTO folks (id, merry, m) VALUES (1, ''t'', ''ok'');
INSERT INTO people (id, glad) VALUES (1, ''t'');
INSERT INTO more (id, h, m) VALUES (1, ''sad'', ''new'');
');
SELECT migrate_apply('a');
SELECT migrate_apply('b');
SELECT migrate_apply('c');
SELECT migrate_apply('d');
SELECT CASE WHEN merry THEN 'yes' ELSE 'no' END, m FROM folks;
SELECT glad FROM people;
SELECT h, m FROM more;

--# a label that no down section takes away stays, beside later ones
SELECT migrate_add('-- migrate:revision e1
-- migrate:revises base
-- migrate:up
CREATE TYPE hue AS ENUM (''red'', ''blue'');
CREATE TABLE dress (h hue);
-- migrate:revision e2
-- migrate:revises e1
-- migrate:up
ALTER TYPE hue ADD VALUE ''pink'' BEFORE ''blue'';
-- migrate:down
DELETE FROM dress WHERE h = ''red'';
-- migrate:revision e3
-- migrate:revises e1
-- migrate:up
ALTER TYPE hue ADD VALUE ''rose'' AFTER ''pink'';
ALTER TYPE hue ADD VALUE IF NOT EXISTS ''pink'';
-- migrate:revision e4
-- migrate:revises e3
-- migrate:up
ALTER TYPE hue RENAME TO colour;
CREATE TABLE coat (h colour);
-- migrate:revision e5
-- migrate:revises e4
-- migrate:up
ALTER TYPE colour RENAME VALUE ''pink'' TO ''salmon'';
');
SELECT migrate_apply('e2');
INSERT INTO dress VALUES ('pink');
SELECT migrate_revert('e1');
SELECT migrate_apply('e3');
INSERT INTO dress VALUES ('pink'), ('rose');
SELECT migrate_apply('e4');
INSERT INTO dress VALUES ('pink');
INSERT INTO coat VALUES ('pink');
SELECT migrate_apply('e5');
SELECT h, count(*) FROM dress GROUP BY h ORDER BY CAST(h AS text);
SELECT h FROM coat;

--# a table that was made anew under another name
SELECT migrate_add('-- migrate:revision n1
-- migrate:revises base
-- migrate:up
CREATE TABLE clients (id text NOT NULL PRIMARY KEY);
CREATE TABLE users (client text);
INSERT INTO clients VALUES (''a''), (''b'');
INSERT INTO users VALUES (''a'');
-- migrate:revision n2
-- migrate:revises n1
-- migrate:up
CREATE TABLE clients_tmp (id text NOT NULL PRIMARY KEY, name text);
INSERT INTO clients_tmp (id) SELECT id FROM clients;
DROP TABLE clients;
ALTER TABLE clients_tmp RENAME TO clients;
-- migrate:revision n3
-- migrate:revises n2
-- migrate:up
ALTER TABLE clients ADD COLUMN used BOOLEAN NOT NULL DEFAULT 0;
UPDATE clients SET used = (SELECT CASE WHEN count(*) > 0 THEN 1 ELSE 0 END FROM users WHERE users.client = clients.id);
');
SELECT migrate_apply('n2');
SELECT migrate_apply('n3');
SELECT id, CASE WHEN used THEN 'yes' ELSE 'no' END FROM clients ORDER BY id;
