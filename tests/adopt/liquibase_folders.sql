CREATE TABLE DATABASECHANGELOG (ID varchar(255) NOT NULL, AUTHOR varchar(255) NOT NULL, FILENAME varchar(255) NOT NULL,
 DATEEXECUTED timestamp NOT NULL, ORDEREXECUTED integer NOT NULL, EXECTYPE varchar(10) NOT NULL, MD5SUM varchar(35));
SELECT migrate_load('@dir@/liquibase-folders', 'liquibase');
INSERT INTO DATABASECHANGELOG VALUES ('1', 'ann', 'classpath:db/log/users.sql', '2019-01-02 00:00:00', 1, 'EXECUTED', NULL),
 ('1', 'ann', 'db/log/a/users.sql', '2019-01-03 00:00:00', 2, 'EXECUTED', NULL);
SELECT version, revision FROM migrate_adopt_plan() ORDER BY 1;
DELETE FROM DATABASECHANGELOG;
INSERT INTO DATABASECHANGELOG VALUES ('1', 'ann', 'elsewhere.sql', '2019-01-02 00:00:00', 1, 'EXECUTED', NULL);
SELECT migrate_adopt();
