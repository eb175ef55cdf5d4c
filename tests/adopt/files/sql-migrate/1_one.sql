-- +migrate Up
CREATE TABLE one (id integer);
-- +migrate Down
DROP TABLE one;
