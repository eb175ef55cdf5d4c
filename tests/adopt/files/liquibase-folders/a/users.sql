--liquibase formatted sql
--changeset ann:1
CREATE TABLE three (id integer);
