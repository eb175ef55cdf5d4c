-- Running upgrade  -> a

SELECT 1;

-- Running upgrade a -> b

SELECT 1;
