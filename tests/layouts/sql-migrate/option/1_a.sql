-- +migrate Up quickly
SELECT 1;
