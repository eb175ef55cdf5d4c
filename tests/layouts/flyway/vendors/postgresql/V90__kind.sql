CREATE TABLE flyway_kinds (kind text);
INSERT INTO flyway_kinds VALUES ('postgresql');
