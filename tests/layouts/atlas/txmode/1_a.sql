-- atlas:txmode some

SELECT 5;
