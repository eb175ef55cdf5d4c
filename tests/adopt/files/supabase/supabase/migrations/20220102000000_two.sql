CREATE TABLE two (x integer);
