
-- LIQUIBASE Formatted SQL
-- property name:txt value:text dbms:sqlite
--property name:txt value:"varchar" dbms:postgresql
--property name:table value:users
--property name:table value:wrong

-- changeset anna:1 context:test labels:x,y
-- comment: people of the house
CREATE TABLE ${table} (id integer PRIMARY KEY, name ${txt});
-- a comment that stays
-- rollback DROP TABLE
--rollback   ${table};

--changeset "anna maria":"id with blank" runInTransaction:false endDelimiter:\nGO splitStatements:false dbms:!h2
INSERT INTO users VALUES (1, 'a;b')
GO
INSERT INTO users VALUES (2, '${unknown}')
GO
/* liquibase rollback
DELETE FROM users;
*/
--changeset anna:2 dbms:oracle,h2
DROP EVERYTHING;
--changeset anna:3 ignore:true
DROP EVERYTHING;
--changeset bob:1
SELECT 1;
--rollback not required
--changeset bob:undo dbms:sqlite
DROP TABLE users;
--rollback changesetId:1 changesetAuthor:anna
--ignoreLines:2
DROP EVERYTHING;
DROP EVERYTHING;
--ignoreLines:start
--changeset bob:no
DROP EVERYTHING;
--ignoreLines:end
