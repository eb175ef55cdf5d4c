--liquibase formatted sql logicalFilePath:db/views.sql
--changeset anna:v runOnChange:true
CREATE VIEW names AS SELECT name FROM users;
--rollback empty
--changeset anna:1 logicalFilePath:db/own.sql failOnError:false
--validCheckSum 9:abc
--preconditions onFail:WARN
--precondition-sql-check expectedResult:0 SELECT 1
SELECT 2;
