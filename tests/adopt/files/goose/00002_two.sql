-- +goose Up
CREATE TABLE two (x integer);
-- +goose Down
DROP TABLE two;
