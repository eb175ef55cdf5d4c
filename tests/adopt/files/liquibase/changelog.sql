--liquibase formatted sql

--changeset ann:1
CREATE TABLE one (x integer);

--changeset ann:2
CREATE TABLE two (x integer);

--changeset ann:3
CREATE TABLE three (x integer);
