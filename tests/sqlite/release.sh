#!/usr/bin/env bash
#
# What this SQLite is too old for is an error before anything runs.

set -euo pipefail

sql="CREATE TABLE t (a text NOT NULL);
INSERT INTO t VALUES ('b'), ('a');
CREATE TABLE u AS SELECT string_agg(a, ',' ORDER BY a NULLS LAST) AS s FROM t;"
got=$(sqlite3 "$MIGRATE_TMP/release.db" ".load '$MIGRATE_SQLITE_MODULE'" \
	"SELECT migrate_add('-- migrate:revision 1
-- migrate:up
${sql//\'/\'\'}')" \
	"SELECT migrate_apply()" 2>&1 || true)
tables=$(sqlite3 "$MIGRATE_TMP/release.db" \
	"SELECT name FROM sqlite_master WHERE name IN ('t', 'u') ORDER BY name")
version=$(sqlite3 :memory: "SELECT sqlite_version()")
if [ "$(printf '3.44.0\n%s\n' "$version" | sort -V | head -n 1)" = 3.44.0 ]; then
	wanted=$'t\nu'
	text=1
else
	wanted=
	text='cannot translate ORDER BY in string_agg() to SQLite'
fi
case $got in
*"$text"*) ;;
*) wanted=$text ;;
esac
if [ "$tables" = "$wanted" ]; then
	echo "ok release"
else
	printf 'not ok release - it printed:\n%s\n%s\n' "$got" "$tables"
fi
