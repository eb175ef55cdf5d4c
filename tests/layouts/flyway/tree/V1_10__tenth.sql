INSERT INTO t VALUES (10, 'tenth');
