-- +goose Up
CREATE TABLE env (a text, b text, c text);
-- +goose ENVSUB ON
INSERT INTO env VALUES ('${GOOSE_A}', '$GOOSE_B', '${GOOSE_C:-none}');
-- +goose ENVSUB OFF
INSERT INTO env VALUES ('$$', '${GOOSE_A}', NULL);
