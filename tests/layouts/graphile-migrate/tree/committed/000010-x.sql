--! Previous: sha1:952787197aafee2b4952f6901d91b8d86b7d41db
--! Hash: sha1:0000000000000000000000000000000000000000
--! AllowInvalidHash

--! Included a.sql
SELECT 2;
--! EndIncluded a.sql
