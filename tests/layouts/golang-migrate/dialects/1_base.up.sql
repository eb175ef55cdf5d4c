CREATE TABLE kinds (kind text);
