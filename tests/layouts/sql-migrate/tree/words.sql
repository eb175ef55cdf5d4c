-- +migrate Up
-- +migrate StatementBegin
SELECT 1;
-- +migrate StatementEnd
