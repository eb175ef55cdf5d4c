-- atlas:delimiter \n\n

CREATE TABLE a (id integer PRIMARY KEY)

INSERT INTO a VALUES (1);
INSERT INTO a VALUES (2)
