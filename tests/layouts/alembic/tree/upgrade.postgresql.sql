BEGIN;

CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, 
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

-- Running upgrade  -> aaa111

CREATE TABLE users (
    id SERIAL NOT NULL, 
    note TEXT DEFAULT '-- Running upgrade x -> y; it''s', 
    PRIMARY KEY (id)
);

INSERT INTO alembic_version (version_num) VALUES ('aaa111') RETURNING alembic_version.version_num;

-- Running upgrade aaa111 -> ccc333

CREATE TABLE r (
    id SERIAL NOT NULL, 
    PRIMARY KEY (id)
);

UPDATE alembic_version SET version_num='ccc333' WHERE alembic_version.version_num = 'aaa111';

-- Running upgrade aaa111 -> bbb222

CREATE TABLE l (
    id SERIAL NOT NULL, 
    PRIMARY KEY (id)
);

INSERT INTO alembic_version (version_num) VALUES ('bbb222') RETURNING alembic_version.version_num;

-- Running upgrade bbb222, ccc333 -> ddd444

DELETE FROM alembic_version WHERE alembic_version.version_num = 'bbb222';

UPDATE alembic_version SET version_num='ddd444' WHERE alembic_version.version_num = 'ccc333';

-- Running upgrade ddd444 -> eee555

insert into users (note) values ('x');

COMMIT;

CREATE INDEX CONCURRENTLY ix ON users (note);

BEGIN;

UPDATE alembic_version SET version_num='eee555' WHERE alembic_version.version_num = 'ddd444';

-- Running upgrade  -> fff666

CREATE TABLE f (
    id SERIAL NOT NULL, 
    PRIMARY KEY (id)
);

INSERT INTO alembic_version (version_num) VALUES ('fff666') RETURNING alembic_version.version_num;

COMMIT;

