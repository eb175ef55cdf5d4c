#!/usr/bin/env bash
#
# Runs that commit each revision, and jobs, among other sessions: runs.py in
# a server of its own, which it stops and starts.

set -uo pipefail

python=
for name in python3 /usr/bin/python3; do
	[ -z "$python" ] && "$name" -c 'import psycopg2' 2>/dev/null &&
		python=$name
done
if [ -z "$python" ]; then
	echo "skip runs - python3 has no psycopg2"
	exit
fi
export PYTHONDONTWRITEBYTECODE=1
"$python" tests/pg/runs.py tests/pgserver.sh "$MIGRATE_TMP/server" "${RUNS:-}"
