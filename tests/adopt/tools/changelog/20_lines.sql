
--LIQUIBASE FORMATTED SQL

--CHANGESET ann:1
--
CREATE TABLE q1 (id integer);
--commented out
--rollbackish line
--ROLLBACK drop table q1;

--changeset ann:2
--rollback DROP TABLE q2;
CREATE TABLE q2 (id integer);

--changeset ann:3
--comment
SELECT 1;
--validCheckSum ANY

--changeset ann:4
SELECT '
--rollback in a string
';

--changeset ann:5 splitStatements:false
SELECT 3;
--rollback SELECT 4;
--rollback SELECT 5;
SELECT 6;

--changeset ann:6
    --indented
SELECT 7; --rollback is no directive here

-- changeset   ann:7
CREATE TABLE o (id integer) ;   
  --rollback DROP TABLE o;

--changeset ann:8 context:@test
SELECT 'only where test is asked for';
--changeset ann:9 context:"foo or @test"
SELECT 1;
--changeset ann:10 context:"foo and @test"
SELECT 2;
--changeset ann:11 context:"!@test"
SELECT 3;
--changeset ann:12 contextFilter:"foo and !@test"
SELECT 4;
--changeset ann:13 context:"!foo"
SELECT 5;
