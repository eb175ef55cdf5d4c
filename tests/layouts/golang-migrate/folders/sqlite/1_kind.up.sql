INSERT INTO kinds VALUES ('sqlite');
