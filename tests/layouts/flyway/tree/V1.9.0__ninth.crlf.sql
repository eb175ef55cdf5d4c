INSERT INTO t
VALUES (9, 'ninth');
