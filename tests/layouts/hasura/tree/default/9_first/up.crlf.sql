CREATE TABLE firsts
  (id integer);
