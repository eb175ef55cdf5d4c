--! Previous: -
--! Author: me

SELECT 1;
