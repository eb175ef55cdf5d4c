--liquibase formatted sql
--changeset ann:1
CREATE TABLE two (id integer);
