-- +goose Up
CREATE TABLE three (x integer);
-- +goose Down
DROP TABLE three;
