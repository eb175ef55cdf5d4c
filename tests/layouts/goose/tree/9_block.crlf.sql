--  +goose UP
-- +goose StatementBegin
INSERT INTO users VALUES (2, 'no semicolon')
-- +goose StatementEnd
-- +goose statementbegin
INSERT INTO users VALUES (3, 'semicolon');
-- +goose StatementEnd
-- +goose Down
-- +goose StatementBegin
DELETE FROM users WHERE id IN (2, 3)
-- +goose StatementEnd
