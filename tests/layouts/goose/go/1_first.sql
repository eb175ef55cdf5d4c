-- +goose Up
CREATE TABLE first (id integer);
