-- Down Migration
SELECT 1;
