-- COPY ... FROM stdin with its data in the script.
SET client_min_messages = warning;
CREATE EXTENSION migrate;
CREATE TABLE t (a integer, b text, c integer GENERATED ALWAYS AS (a * 2) STORED);
CREATE TABLE logged (what text);
CREATE FUNCTION log_it() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO logged VALUES (TG_WHEN || ' ' || TG_LEVEL);
  RETURN NEW;
END$$;
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION log_it();
CREATE TRIGGER two AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION log_it();
CREATE TRIGGER three AFTER INSERT ON t FOR EACH STATEMENT
  EXECUTE FUNCTION log_it();
-- psql reads this file too: the scripts' data stand here as doubled lines.
CREATE PROCEDURE try(script text) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM migrate_add(format(E'-- migrate:revision t\n%s\n%s\n',
    E'-- migrate:revises base\n-- migrate:up', script));
  PERFORM migrate_apply();
  PERFORM migrate_stamp('base');
  PERFORM migrate_remove('t');
END$$;

CALL try(E'
COPY t FROM stdin;
1\tone
2\t\\N
3\ttab\\there
\\.
INSERT INTO t SELECT count(*), ''rows before'' FROM t;
');
SELECT * FROM t;
SELECT what, count(*) FROM logged GROUP BY what ORDER BY what;
TRUNCATE t;
-- Options, columns, other encodings than the client's.
SET client_encoding = 'latin1';
CALL try(E'
COPY t (b, a) FROM stdin WITH (FORMAT csv, HEADER, DELIMITER '';'', ENCODING ''latin1'', NULL ''-'');
b;a
"\u00e4; \u20ac";1
"two
lines";-
\\.
');
RESET client_encoding;
SELECT * FROM t;
TRUNCATE t;
-- No rows; old syntax.
CALL try(E'
COPY t FROM stdin;
\\.
COPY "public"."t" (a) FROM stdin WITH DELIMITER AS ''|'' NULL AS ''x'';
x
\\.
');
SELECT * FROM t;
TRUNCATE t;

-- Errors name the line of the data and the line of the script.
CALL try(E'
COPY t FROM stdin;
1\tone
two\t2
\\.
');
CALL try(E'
COPY t FROM stdin;
1\tone\tmore
\\.
');
CALL try(E'
COPY t (
  a,
  zz) FROM stdin;
\\.
');
CALL try(E'
COPY missing FROM stdin;
\\.
');
CALL try(E'
COPY t FROM stdin WITH (FORMT csv);
\\.
');
CALL try(E'
COPY t FROM stdin WHERE a > 1;
1\tone
\\.
');
CALL try(E'
COPY t FROM stdin WITH (FORMAT binary);
x
\\.
');
SELECT * FROM t;

-- Rights are those of COPY.
CREATE ROLE mig_copy;
GRANT ALL ON ALL TABLES IN SCHEMA public TO mig_copy;
REVOKE ALL ON t FROM mig_copy;
SET ROLE mig_copy;
CALL try(E'
COPY t (a) FROM stdin;
5
\\.
');
RESET ROLE;
GRANT INSERT (a) ON t TO mig_copy;
SET ROLE mig_copy;
CALL try(E'
COPY t (a) FROM stdin;
6
\\.
');
CALL try(E'
COPY t FROM stdin;
7\tseven
\\.
');
RESET ROLE;
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
SET ROLE mig_copy;
CALL try(E'
COPY t (a) FROM stdin;
8
\\.
');
RESET ROLE;
SELECT * FROM t;

-- Many rows.
TRUNCATE t;
SELECT string_agg(i || E'\t' || repeat('x', 100), E'\n') AS rows
FROM generate_series(1, 20000) AS i \gset
CALL try(E'
COPY t (a, b) FROM stdin;
' || :'rows' || E'
\\.
SELECT 1;
');
SELECT count(*), sum(a), min(length(b)) FROM t;

DROP EXTENSION migrate;
DROP OWNED BY mig_copy;
DROP ROLE mig_copy;
