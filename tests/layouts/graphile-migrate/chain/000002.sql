--! Previous: sha1:d30d858bf9fa5d8979af2d32c3be5e09b07da87x
--! Hash: sha1:892ec42a3bc2f240ddb14ff4b21f9cb0f001abea

SELECT 2;
