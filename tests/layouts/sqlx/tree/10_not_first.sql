 -- no-transaction
SELECT 10;
