-- +goose Up
-- +goose Statement
SELECT 1;
