-- no-transaction
SELECT 11;
