-- +migrate Up
CREATE TABLE two (id integer);
-- +migrate Down
DROP TABLE two;
