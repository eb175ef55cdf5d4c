--liquibase formatted sql
-- a remark before the first changeset

--changeset ann:1
CREATE TABLE a (id integer PRIMARY KEY, name varchar(20));
--rollback DROP TABLE a;

--changeset ann:2 runOnChange:true
-- a remark of the user
CREATE TABLE b (id integer PRIMARY KEY, -- behind text
  name varchar(20) DEFAULT 'two  blanks   here'); /* over
 lines */
INSERT INTO b VALUES (1, 'a -- no remark; here');
--comment this is its message
--rollback DROP TABLE b;

--changeset ann:3 splitStatements:false
CREATE TABLE c (id integer PRIMARY KEY, x text DEFAULT '');

--changeset ann:4 stripComments:false
-- kept remark
CREATE TABLE d (id integer PRIMARY KEY); -- behind

--changeset ann:5 splitStatements:true endDelimiter:/
CREATE TABLE e (id integer PRIMARY KEY)
/
CREATE TABLE e2 (id integer PRIMARY KEY)
/
--rollback DROP TABLE e2
--rollback /
--rollback DROP TABLE e

--changeset "ann lee":"six 6" labels:x context:test
--comment: with a colon
CREATE TABLE f (id integer PRIMARY KEY);

--changeset ann:7 runInTransaction:false
   -- an indented remark
CREATE TABLE g (id integer PRIMARY KEY);
/* liquibase rollback
DROP TABLE g;

*/

--changeset ann:8
--validCheckSum: 9:0eb9749a3e58e91327644b01b90dbd33
--preconditions onFail:WARN onError:WARN
--precondition-sql-check expectedResult:0 SELECT 0
CREATE TABLE h (id integer PRIMARY KEY);
--rollback empty

--changeset ann:9
CREATE VIEW v AS
SELECT id,	name
FROM a
WHERE name <> '	tab';


--changeset bob:1

CREATE TABLE i (id integer PRIMARY KEY);
   

--rollback not required
--changeset ann:10
--ignoreLines:1
this line is not read at all
--ignoreLines:start
nor this
nor that
--ignoreLines:end
CREATE TABLE j (id integer PRIMARY KEY);

--changeset ann:11 dbms:sqlite,postgresql
INSERT INTO a VALUES (1, 'ünï€ code');
INSERT INTO a VALUES (2, 'x');;
--rollback changesetId:1 changesetAuthor:ann

--changeset ann:12 splitStatements:false failOnError:false
CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET name = 'x'; END;
