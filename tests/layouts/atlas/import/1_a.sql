-- atlas:import a.sql

SELECT 5;
