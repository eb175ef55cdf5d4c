-- atlas:txmode none
# another

CREATE INDEX users_id ON users (id);
