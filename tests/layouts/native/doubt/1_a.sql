-- +goose Up
-- migrate:up
SELECT 1;
