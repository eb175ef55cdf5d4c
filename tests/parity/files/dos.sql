-- migrate:revision dos
-- migrate:revises base
-- migrate:message line ends of another system
-- migrate:up
CREATE TABLE dos (line text);
INSERT INTO dos VALUES ('a
b');
-- migrate:down
DROP TABLE dos;
