--liquibase formatted sql
--changeset a:1 endDelimiter:\\s+GO
SELECT 2;
