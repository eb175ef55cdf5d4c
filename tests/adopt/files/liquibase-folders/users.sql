--liquibase formatted sql
--changeset ann:1
CREATE TABLE one (id integer);
