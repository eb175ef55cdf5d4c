-- Running downgrade b -> a

DELETE FROM t;

UPDATE app.versions SET version_num='a' WHERE app.versions.version_num = 'b';

-- Running downgrade a ->

DROP TABLE t;

DELETE FROM app.versions WHERE app.versions.version_num = 'a';

DROP TABLE app.versions;
