#!/usr/bin/env bash
#
# Scripts of migrate_sql run by a plain sqlite3: foreign keys.

set -euo pipefail

db=$MIGRATE_TMP/offline.db
plan=$MIGRATE_TMP/plan.sql

check()
{
	if [ "$2" = "$3" ]; then
		echo "ok offline $1"
	else
		printf 'not ok offline %s - it printed:\n%s\n' "$1" "$3"
	fi
}

# The plan of the scripts on standard input, run with keys on.
run()
{
	local text

	text=$(sed "s/'/''/g")
	sqlite3 :memory: ".load '$MIGRATE_SQLITE_MODULE'" \
		"SELECT migrate_add('$text') > 0" \
		"SELECT migrate_sql('heads')" | sed 1d >"$plan"
	rm -f "$db"
	{
		echo "PRAGMA foreign_keys = ON;"
		cat "$plan"
		echo "PRAGMA foreign_keys;"
		echo "SELECT count(*) FROM c;"
	} | sqlite3 "$db" 2>&1 | sed 's/^.*near line [0-9]*: //; s/ (19)$//'
}

base="-- migrate:revision 1
-- migrate:revises base
-- migrate:up
CREATE TABLE p(id integer PRIMARY KEY);
CREATE TABLE c(id integer PRIMARY KEY, p REFERENCES p ON DELETE CASCADE);
INSERT INTO p VALUES (1), (2);
INSERT INTO c VALUES (1, 1), (2, 2);
-- migrate:revision 2
-- migrate:revises 1
-- migrate:up
PRAGMA foreign_keys = OFF;"

# Rebuilt without a cascade, and the keys are on again for what comes next.
check "keys on again" "1
1" "$(run <<END
$base
CREATE TABLE q(id integer PRIMARY KEY, more);
INSERT INTO q SELECT id, 0 FROM p;
DROP TABLE p;
ALTER TABLE q RENAME TO p;
PRAGMA foreign_keys = ON;
-- migrate:revision 3
-- migrate:revises 2
-- migrate:up
DELETE FROM p WHERE id = 1;
END
)"
check "state" "1
2
3" "$(sqlite3 "$db" 'SELECT revision FROM migrate_applied ORDER BY 1')"

# As the script asks: nothing says on.
check "keys stay off" "0
2" "$(run <<END
$base
DROP TABLE c;
CREATE TABLE c(id integer PRIMARY KEY, p REFERENCES p);
INSERT INTO c VALUES (1, 1), (2, 2);
END
)"

# What the revision leaves violated stops the script, and undoes it.
check "violated" "CHECK constraint failed: ok <> 0" "$(run <<END
$base
DELETE FROM p WHERE id = 2;
PRAGMA foreign_keys = ON;
END
)"
check "violated, state" "1" \
	"$(sqlite3 "$db" 'SELECT revision FROM migrate_applied ORDER BY 1')"

# Tables that others refer to: as in a run, no row of those goes.
# Revision 1 is committed by itself, because it asks for foreign keys off.
refer="PRAGMA foreign_keys = OFF;
CREATE TABLE p(id integer PRIMARY KEY);
CREATE TABLE c(id integer PRIMARY KEY, p integer REFERENCES p ON DELETE CASCADE);
INSERT INTO p VALUES (1), (2);
INSERT INTO c VALUES (1, 1), (2, 2);
PRAGMA foreign_keys = ON;
-- migrate:revision 2
-- migrate:revises 1
-- migrate:up"
refused="CHECK constraint failed: other tables refer to a table that is dropped or emptied"

for sql in "DROP TABLE p;" "DROP TABLE IF EXISTS P;" "DROP TABLE p CASCADE;" \
	"TRUNCATE p;" "TRUNCATE p CASCADE;"; do
	check "refused, $sql" "$refused" "$(run <<END
-- migrate:revision 1
-- migrate:revises base
-- migrate:up
$refer
$sql
END
)"
	check "refused, rows, $sql" "2 2" \
		"$(sqlite3 -separator ' ' "$db" \
			'SELECT (SELECT count(*) FROM p), (SELECT count(*) FROM c)')"
done

# Those that go together may refer to each other, in any order.
check "dropped together" "1
0" "$(run <<END
-- migrate:revision 1
-- migrate:revises base
-- migrate:up
${refer//ON DELETE CASCADE/}
DROP TABLE p, c;
CREATE TABLE c(id integer PRIMARY KEY);
END
)"
check "emptied together" "1
0" "$(run <<END
-- migrate:revision 1
-- migrate:revises base
-- migrate:up
${refer//ON DELETE CASCADE/}
TRUNCATE p, c;
END
)"

# Comments: rows that go with what they are about, as in a run.
check "comments of what is dropped" "1
0" "$(run <<END
-- migrate:revision 1
-- migrate:revises base
-- migrate:up
CREATE TABLE t(a integer, b integer, CONSTRAINT k CHECK (a > 0));
CREATE INDEX i ON t(a);
CREATE TABLE s(a integer, b integer);
CREATE VIEW v AS SELECT a FROM s;
CREATE TABLE c(id integer PRIMARY KEY);
COMMENT ON TABLE t IS '1';
COMMENT ON COLUMN t.a IS '2';
COMMENT ON CONSTRAINT k ON t IS '3';
COMMENT ON INDEX i IS '4';
COMMENT ON TABLE s IS '5';
COMMENT ON COLUMN s.a IS '6';
COMMENT ON COLUMN s.b IS '7';
COMMENT ON VIEW v IS '8';
-- migrate:revision 2
-- migrate:revises 1
-- migrate:up
DROP VIEW v;
DROP TABLE IF EXISTS T, missing;
ALTER TABLE s DROP COLUMN B;
-- migrate:verify
SELECT count(*) = 2 FROM migrate_comment;
END
)"
check "comments that stay" "column s.a|6
table s|5" "$(sqlite3 "$db" 'SELECT * FROM migrate_comment ORDER BY 1')"

# Where the script has no transaction, a new name and its comments are one.
check "comments fail" "stopped" "$(run <<END
-- migrate:revision 1
-- migrate:revises base
-- migrate:up
CREATE TABLE t(a integer, b integer);
CREATE TABLE log(a text);
CREATE TABLE c(id integer PRIMARY KEY);
COMMENT ON TABLE t IS '1';
-- migrate:up dialect:sqlite
CREATE TRIGGER stop BEFORE UPDATE ON migrate_comment
BEGIN SELECT raise(ABORT, 'stopped'); END;
-- migrate:revision 2
-- migrate:revises 1
-- migrate:up transaction:false
INSERT INTO log VALUES ('INSERT');
ALTER TABLE t RENAME TO u;
END
)"
check "a name goes with its comments" "t
INSERT" "$(sqlite3 "$db" "SELECT name FROM sqlite_master WHERE name IN ('t', 'u');
	SELECT * FROM log")"
