-- +migrate Up notransaction
CREATE INDEX users_id ON users (id);
-- +migrate Down notransaction
DROP INDEX users_id;
