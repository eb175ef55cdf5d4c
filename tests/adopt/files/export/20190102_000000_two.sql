-- migrate:message Two; and "more"
-- migrate:up
CREATE TABLE two (x text DEFAULT ';');
-- migrate:up
CREATE TABLE three (x text DEFAULT '${x}');
-- migrate:down
DROP TABLE two;
-- migrate:down
DROP TABLE three;
