-- Running upgrade  -> a

SELECT 1;
