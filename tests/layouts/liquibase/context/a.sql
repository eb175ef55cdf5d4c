--liquibase formatted sql
--changeset a:1 context:"(test or dev) and !slow"
SELECT 1;
--changeset a:2 context:prod
SELECT 2;
--changeset a:3 labels:"x, y"
SELECT 3;
--changeset a:4 labels:z
SELECT 4;
--changeset a:5
SELECT ${five};
