INSERT INTO kinds VALUES ('postgresql');
