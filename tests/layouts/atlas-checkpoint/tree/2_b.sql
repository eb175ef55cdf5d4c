-- atlas:checkpoint first

SELECT 2;
