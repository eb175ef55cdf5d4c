--! Previous: -
--! Hash: sha1:e64bc5c442e91235c5c7b3d76072619d780266de

CREATE TABLE users (id integer PRIMARY KEY);

SELECT 1;
