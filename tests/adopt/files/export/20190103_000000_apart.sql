-- migrate:up dialect:postgresql transaction:false
CREATE INDEX CONCURRENTLY one_x ON one (x);
-- migrate:up dialect:sqlite
CREATE INDEX one_x ON one (x);
