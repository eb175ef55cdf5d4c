-- atlas:sum ignore

-- atlas:txmode none
SELECT 1;
