#!/usr/bin/env bash
#
# Many at once: sessions of PostgreSQL, processes on one SQLite file.
#
#     SESSIONS=50 PROCESSES=20 ROUNDS=3    how many, and how often each race
#
# PostgreSQL's sessions need psycopg2, and a server of their own, so that
# other suites find enough connections.

set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
server=$here/../pgserver.sh
export PYTHONDONTWRITEBYTECODE=1
export SESSIONS=${SESSIONS:-50} PROCESSES=${PROCESSES:-20} ROUNDS=${ROUNDS:-3}

"${MIGRATE_PYTHON:-python3}" "$here/processes.py" "$MIGRATE_TMP" \
	"$MIGRATE_SQLITE_MODULE" ||
	echo "not ok concurrency/sqlite - the program ended early"

python=
for name in python3 /usr/bin/python3; do
	[ -z "$python" ] && "$name" -c 'import psycopg2' 2>/dev/null &&
		python=$name
done
if [ -z "${PGHOST:-}" ]; then
	echo "skip concurrency/postgresql - there is no server"
elif [ -z "$python" ]; then
	echo "skip concurrency/postgresql - python3 has no psycopg2"
elif ! "$server" start "$MIGRATE_TMP/server" \
	"max_connections = $((SESSIONS + 20))"; then
	echo "not ok concurrency/postgresql - the server does not start"
else
	trap '"$server" stop "$MIGRATE_TMP/server" immediate' EXIT
	eval "$(PGDATABASE='' "$server" env "$MIGRATE_TMP/server")"
	"$python" "$here/sessions.py" ||
		echo "not ok concurrency/postgresql - the program ended early"
fi
exit 0
