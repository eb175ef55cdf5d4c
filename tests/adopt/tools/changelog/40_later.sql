--liquibase formatted sql

--property name:later value:LL
--property name:quoted value:third

--changeset ann:1
SELECT '${later} ${quoted} ${local}';
