-- atlas:txtar

-- checks.sql --
-- nothing

-- migration.sql --
CREATE TABLE c (id integer PRIMARY KEY);

-- down.sql --
DROP TABLE c;
