-- migrate:up
INSERT INTO t VALUES (100, 'two');
-- migrate:down
DELETE FROM t WHERE id = 100;
