BEGIN;

CREATE TABLE app.versions (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT versions_pkc PRIMARY KEY (version_num)
);

-- Running upgrade  -> a

CREATE TABLE t (id integer PRIMARY KEY, note text DEFAULT 'x
-- Running upgrade a -> z
y');

INSERT INTO app.versions (version_num) VALUES ('a');

COMMIT;

BEGIN;

-- Running upgrade a -> b

INSERT INTO t (id) VALUES (1);

UPDATE app.versions SET version_num='b' WHERE app.versions.version_num = 'a';

COMMIT;
