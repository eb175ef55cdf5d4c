-- ends inside a comment, without a line end
INSERT INTO users (id, name)
VALUES (1, 'a');
-- the end
