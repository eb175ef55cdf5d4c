DROP TABLE firsts;
