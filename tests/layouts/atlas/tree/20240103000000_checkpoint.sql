-- atlas:checkpoint v1

CREATE TABLE users (id integer PRIMARY KEY);
CREATE INDEX users_id ON users (id);
