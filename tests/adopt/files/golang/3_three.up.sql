CREATE TABLE three (x integer);
