CREATE TABLE one (x integer);
