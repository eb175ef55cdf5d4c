--liquibase formatted sql
--changeset a:1
SELECT 1;
--rollback changesetId:9 changesetAuthor:a
