#!/usr/bin/env bash
#
# One script in both databases: shared.py has the scripts, portable.py
# compares what comes of them. Tables that others refer to, and changes without
# a copy: drop.py. ALTER TABLE on SQLite: rebuild.py with the model in
# tables.py, crash.py, faults.py. How a project moves from SQLite to
# PostgreSQL: move.sh.
#
#     SEED=N             of random tables and moments; printed
#     CASES=N CRASHES=N  how many of them
#     TRIES=N            statements that are tried on each of those tables

set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
export PYTHONDONTWRITEBYTECODE=1

"${MIGRATE_PYTHON:-python3}" "$here/rebuild.py" "$MIGRATE_SQLITE_MODULE" ||
	echo "not ok portable/rebuild - the program ended early"

mkdir -p "$MIGRATE_TMP/crash"
"${MIGRATE_PYTHON:-python3}" "$here/crash.py" "$MIGRATE_TMP/crash" \
	"$MIGRATE_SQLITE_MODULE" ||
	echo "not ok portable/crash - the program ended early"

mkdir -p "$MIGRATE_TMP/faults"
"${MIGRATE_PYTHON:-python3}" "$here/faults.py" "$MIGRATE_TMP/faults" \
	"$MIGRATE_SQLITE_MODULE" ||
	echo "not ok portable/faults - the program ended early"

python=
for name in "${MIGRATE_PYTHON:-python3}" /usr/bin/python3; do
	[ -z "$python" ] && "$name" -c 'import psycopg2' 2>/dev/null &&
		python=$name
done
if [ -z "${PGHOST:-}" ]; then
	echo "skip portable/equal - there is no server"
elif [ -z "$python" ]; then
	echo "skip portable/equal - python3 has no psycopg2"
else
	"$python" "$here/portable.py" "$@" ||
		echo "not ok portable/equal - the program ended early"
fi
"${python:-${MIGRATE_PYTHON:-python3}}" "$here/drop.py" \
	"$MIGRATE_SQLITE_MODULE" ||
	echo "not ok portable/drop - the program ended early"
if [ -n "${PGHOST:-}" ]; then
	"$here/move.sh"
else
	echo "skip portable/move - there is no server"
fi
exit 0
