--liquibase formatted sql
--changeset a
SELECT 1;
