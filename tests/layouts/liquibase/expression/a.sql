--liquibase formatted sql
--changeset a:1 context:"(test or"
SELECT 1;
