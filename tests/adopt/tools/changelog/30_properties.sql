--liquibase formatted sql logicalFilePath:other\path.sql

--changeset ann:1
SELECT 'a later line ${quoted}, a later file ${later}';

--property name:table value:ptable
--property name:type value:INTEGER dbms:sqlite
--property name:type value:int4 dbms:postgresql
--property name:quoted value:"a b"
--property name:single value:'q r'
--property name:three value:c d e
--property name:local value:"x" global:false
--property value:ff name:turned
--property name:"word" value:gg
--property name:quoted value:second
--property name:colons value:1:2
--property name:with.dot value:ij context:foo
--property name:nested value:${type}m

--changeset ann:2
CREATE TABLE ${table} (id ${type}, x text DEFAULT '${nope}');
--rollback DROP TABLE ${table};

--changeset ann:3 logicalFilePath:classpath:third.sql
/* ${quoted} ${single} ${three} ${local} ${turned} ${word} ${colons} */
SELECT '${with.dot} ${TABLE} ${ table } ${nested} ${:table} $${table}';
SELECT '${a${type}} ${nope';
