-- atlas:checkpoint

SELECT 4;
