-- first
SELECT '${one}';
SELECT '${two}';
