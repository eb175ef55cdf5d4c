CREATE TABLE DATABASECHANGELOG (ID varchar(255) NOT NULL, AUTHOR varchar(255) NOT NULL, FILENAME varchar(255) NOT NULL,
 DATEEXECUTED timestamp NOT NULL, ORDEREXECUTED integer NOT NULL, EXECTYPE varchar(10) NOT NULL, MD5SUM varchar(35));
CREATE TABLE DATABASECHANGELOGLOCK (ID integer PRIMARY KEY, LOCKED boolean NOT NULL, LOCKGRANTED timestamp, LOCKEDBY varchar(255));
INSERT INTO DATABASECHANGELOGLOCK VALUES (1, true, NULL, 'host (10.0.0.7)');
INSERT INTO DATABASECHANGELOG VALUES ('1', 'ann', 'changelog.sql', '2019-01-02 00:00:00', 1, 'EXECUTED', '9:b8748d4d9b415ae5d65ba9ecb839800a'),
 ('2', 'ann', 'changelog.sql', '2019-01-03 00:00:00', 2, 'MARK_RAN', '8:older');
SELECT migrate_load('@dir@/liquibase', 'liquibase');
SELECT migrate_adopt();
UPDATE DATABASECHANGELOGLOCK SET LOCKED = false;
SELECT tool, version, revision, substr(CAST(applied_at AS text), 1, 10), checksum, action, detail FROM migrate_adopt_plan();
SELECT migrate_adopt();
SELECT revision, state, CASE WHEN applied_at IS NULL THEN '' ELSE substr(CAST(applied_at AS text), 1, 4) END FROM migrate_status();
SELECT action, revision, detail FROM migrate_log WHERE action = 'adopt' ORDER BY id;
SELECT migrate_adopt();
UPDATE DATABASECHANGELOG SET EXECTYPE = 'FAILED' WHERE ID = '2';
SELECT migrate_adopt();
UPDATE DATABASECHANGELOG SET EXECTYPE = 'EXECUTED', MD5SUM = '9:0' WHERE ID = '2';
SELECT migrate_adopt();
