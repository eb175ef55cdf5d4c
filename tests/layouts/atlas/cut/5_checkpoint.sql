-- atlas:checkpoint

SELECT 5;
