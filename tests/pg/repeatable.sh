#!/usr/bin/env bash
#
# Repeatable scripts in the output of migrate_sql, which a plain psql runs.

set -euo pipefail

export PGOPTIONS='-c client_min_messages=warning'

sql()
{
	"$MIGRATE_PG_BINDIR/psql" -X -q -A -t -v ON_ERROR_STOP=1 "$@"
}

check()
{
	if [ "$2" = "$3" ]; then
		echo "ok repeatable $1"
	else
		printf 'not ok repeatable %s - it printed:\n%s\n' "$1" "$3"
	fi
}

# Two databases: scripts are stored in this one, and run in the other.
sql -c 'DROP DATABASE IF EXISTS repeatable_other'
sql -c 'CREATE EXTENSION migrate' -c 'CREATE DATABASE repeatable_other'
add()
{
	sql -v text="$(cat)" <<<"SELECT migrate_add(:'text')" >/dev/null
}
run()
{
	sql -c "SELECT migrate_sql($1)" | sql -d repeatable_other >/dev/null
}
state()
{
	sql -d repeatable_other -c "SELECT string_agg(revision || ' ' || state, ' ')
		FROM migrate_status()"
}
first='-- migrate:revision a
-- migrate:revises base
-- migrate:up
CREATE TABLE t (x integer);
-- migrate:down
DROP TABLE t CASCADE;'
add <<<"$first"
add <<'END'
-- migrate:revision v
-- migrate:repeatable
-- migrate:up
CREATE OR REPLACE VIEW v AS SELECT x FROM t;
END
run "'heads'"
check "first" "a applied v applied" "$(state)"
add <<'END'
-- migrate:revision v
-- migrate:repeatable
-- migrate:up
CREATE OR REPLACE VIEW v AS SELECT x, 1 AS y FROM t;
END
run "'heads', 'a'"
check "changed" "a applied v applied" "$(state)"
check "once" "a * v " "$(sql -d repeatable_other -c "SELECT string_agg(
	revision, ' * ' ORDER BY revision) || ' ' FROM migrate_revision
	WHERE revises = '*' OR revises IS NULL")"
check "columns" 2 "$(sql -d repeatable_other -c "SELECT count(*)
	FROM information_schema.columns WHERE table_name = 'v'")"
run "'base', 'heads'"
check "reverted" "a pending v pending" "$(state)"
sql -d repeatable_other -c "SELECT migrate_apply('heads')" >/dev/null
check "again" "a applied v applied" "$(state)"
check "sound" "" "$(sql -d repeatable_other -c 'SELECT * FROM migrate_verify()')"
sql -c 'DROP DATABASE repeatable_other'
