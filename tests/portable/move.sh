#!/usr/bin/env bash
#
# move.sh - docs/sqlite-to-postgresql.md, step by step: the same scripts make
# the schema in both databases, the example's script moves the rows, numbers go
# on behind them, and both databases have one fingerprint.

set -uo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
psql=${MIGRATE_PG_BINDIR:+$MIGRATE_PG_BINDIR/}psql
dir=$MIGRATE_TMP/move
export PGOPTIONS='-c client_min_messages=warning'

mkdir -p "$dir"
cat >"$dir/scripts.sql" <<'END'
-- migrate:revision a
-- migrate:revises base
-- migrate:up
CREATE TABLE people (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  photo BLOB,
  born DATETIME,
  active BOOLEAN NOT NULL DEFAULT 1,
  note TEXT
);
CREATE TABLE letters (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  person INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
  body TEXT
);
INSERT INTO people (name) VALUES ('first');
-- migrate:revision b
-- migrate:revises a
-- migrate:up
ALTER TABLE letters ADD COLUMN weight numeric(6,2) DEFAULT 0.5;
END

sqlite3 -batch -init /dev/null "$dir/app.db" >"$dir/lite" 2>&1 <<END
.load $MIGRATE_SQLITE_MODULE
.mode list
SELECT migrate_add(CAST(readfile('$dir/scripts.sql') AS text));
SELECT migrate_apply('head');
INSERT INTO people (id, name, photo, born, active, note) VALUES
  (7, 'a "quoted", name', x'00ff27', '2026-01-29 04:56:46', 0, ''),
  (9, 'two
lines', NULL, NULL, 1, NULL);
INSERT INTO letters (person, body, weight) VALUES (7, 'ä', 1.25), (9, NULL, NULL);
SELECT migrate_fingerprint();
END
fingerprint=$(tail -n 1 "$dir/lite")

"$psql" -X -q -v ON_ERROR_STOP=1 >"$dir/pg" 2>&1 <<END
DROP EXTENSION IF EXISTS migrate CASCADE;
DROP SCHEMA IF EXISTS migrate CASCADE;
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
CREATE EXTENSION migrate;
\\set scripts \`cat '$dir/scripts.sql'\`
SELECT migrate_add(:'scripts');
SELECT migrate_apply('head');
END
"$top/examples/sqlite-to-postgresql.sh" "$dir/app.db" >>"$dir/pg" 2>&1

cat >"$dir/want" <<'END'
1|first|||t|
7|a "quoted", name|\x00ff27|2026-01-29 04:56:46|f|empty
9|two lines|||t|
10|new|||t|
7|ä|1.25
9||
fingerprint equal
END
{
	"$psql" -X -qAt -v ON_ERROR_STOP=1 <<-'END'
		INSERT INTO people (name) VALUES ('new');
		SELECT id, replace(name, chr(10), ' '), photo, born, active,
		  CASE WHEN note = '' THEN 'empty' END FROM people ORDER BY id;
		SELECT person, body, weight FROM letters ORDER BY id;
	END
	"$psql" -X -qAt -v "f=$fingerprint" <<-'END'
		SELECT CASE WHEN migrate_fingerprint() = :'f' THEN 'fingerprint equal'
		  ELSE migrate_fingerprint() END;
	END
} >"$dir/got" 2>&1
if diff -u "$dir/want" "$dir/got" >"$dir/diff"; then
	echo "ok portable/move"
else
	echo "not ok portable/move - the rows differ"
	cat "$dir/diff" "$dir/lite" "$dir/pg"
fi
