CREATE TABLE broken (id integer);
INSERT INTO broken
  VALUES (1); SAVEPOINT x;
