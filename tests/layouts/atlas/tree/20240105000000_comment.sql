-- atlas:delimiter -- end

CREATE TABLE b (id integer PRIMARY KEY, t text)
-- end
INSERT INTO b VALUES (1, '
-- end
')
-- end
