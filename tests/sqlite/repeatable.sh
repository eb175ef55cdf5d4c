#!/usr/bin/env bash
#
# Repeatable scripts in the output of migrate_sql, which a plain sqlite3 runs;
# and in an attached database, which has run its own.

set -euo pipefail

one=$MIGRATE_TMP/one.db
two=$MIGRATE_TMP/two.db

sql()
{
	sqlite3 -batch -list -init /dev/null -cmd ".load $MIGRATE_SQLITE_MODULE" "$@"
}

check()
{
	if [ "$2" = "$3" ]; then
		echo "ok repeatable $1"
	else
		printf 'not ok repeatable %s - it printed:\n%s\n' "$1" "$3"
	fi
}

run()
{
	sql "$one" "SELECT migrate_sql($1)" | sqlite3 -batch "$two"
}
state()
{
	sql "$two" "SELECT group_concat(revision || ' ' || state, ' ')
		FROM migrate_status()"
}
view()
{
	sql "$one" "SELECT migrate_add('-- migrate:revision v
-- migrate:repeatable
-- migrate:up
DROP VIEW IF EXISTS v;
CREATE VIEW v AS SELECT $1 FROM t;')" >/dev/null
}

sql "$one" "SELECT migrate_add('-- migrate:revision a
-- migrate:revises base
-- migrate:up
CREATE TABLE t (x integer);
-- migrate:down
DROP TABLE t;')" >/dev/null
view x
run "'heads'"
check "first" "a applied v applied" "$(state)"
view 'x, 1'
run "'heads', 'a'"
check "changed" "a applied v applied" "$(state)"
check "columns" 2 "$(sqlite3 "$two" "SELECT count(*) FROM pragma_table_info('v')")"
run "'base', 'heads'"
check "reverted" "a pending v pending" "$(state)"
sql "$two" "SELECT migrate_apply('heads')" >/dev/null
check "again" "a applied v applied" "$(state)"
check "sound" "" "$(sql "$two" 'SELECT * FROM migrate_verify()')"

other=$MIGRATE_TMP/other.db
attached()
{
	sql "$one" "ATTACH '$other' AS other" "$1"
}
attached "SELECT migrate_apply('heads', 'other')" >/dev/null
view 'x, 1, 2'
check "attached" "a applied v pending" "$(attached "SELECT group_concat(
	revision || ' ' || state, ' ') FROM migrate_status('other')")"
check "attached again" 1 "$(attached "SELECT migrate_apply('heads', 'other')")"
