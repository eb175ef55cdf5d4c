#!/usr/bin/env bash
#
# Runs that are cut off: processes, sessions, clients and servers are killed
# at random moments while they apply and revert; disks are full. Afterwards
# the database is where one of the calls ended, and the next run goes on.
#
#     CRASHES=N      moments of each kind; a few of PostgreSQL's, whose server
#                    takes its time to start again, and more of SQLite's
#     SEED=N         where they are; printed, so that they can be had again

set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
few=${CRASHES:-12}
many=${CRASHES:-30}
export SEED=${SEED:-$RANDOM$RANDOM}
export PYTHONDONTWRITEBYTECODE=1
echo "SEED=$SEED"

blow=$MIGRATE_TMP/blow.so
${CC:-cc} -std=c11 -D_GNU_SOURCE -Wall -Wextra -fPIC -shared -o "$blow" \
	"$here/blow.c" -ldl 2>"$MIGRATE_TMP/log" || {
	cat "$MIGRATE_TMP/log"
	blow=
}
mkdir "$MIGRATE_TMP/files"
LD_PRELOAD=$blow CRASHES=$many "${MIGRATE_PYTHON:-python3}" "$here/sqlite.py" \
	"$MIGRATE_TMP/files" "$MIGRATE_SQLITE_MODULE" ${blow:+"$blow"} ||
	echo "not ok crash/sqlite - the program ended early"

python=
for name in python3 /usr/bin/python3; do
	[ -z "$python" ] && "$name" -c 'import psycopg2' 2>/dev/null &&
		python=$name
done
if [ "$(uname -s)" != Linux ]; then
	echo "skip crash/postgresql - it kills servers in the way of Linux"
elif [ -z "${PGHOST:-}" ]; then
	echo "skip crash/postgresql - there is no server"
elif [ -z "$python" ]; then
	echo "skip crash/postgresql - python3 has no psycopg2"
else
	CRASHES=$few "$python" "$here/postgresql.py" "$here/../pgserver.sh" \
		"$MIGRATE_TMP/server" ||
		echo "not ok crash/postgresql - the program ended early"
fi
exit 0
