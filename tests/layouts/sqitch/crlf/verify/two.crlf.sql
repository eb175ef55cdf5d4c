BEGIN;
SELECT id FROM two -- none
 WHERE id = 0;
ROLLBACK;
