-- +goose Up
CREATE TABLE one (x integer);
-- +goose Down
DROP TABLE one;
