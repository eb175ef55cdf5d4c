#!/usr/bin/env bash
#
# run.sh - every output of the catalogue, run on the database it is for.
#
# A case's output runs behind its "+" lines, in an empty database (SQLite) or
# a transaction that is taken back (PostgreSQL). What the host is to do with
# a table (lines that begin with "--") is left out here.

set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
tmp=${MIGRATE_TMP:-$(mktemp -d)}
failed=0

# Write each case of a catalogue to a file NNN.sql, its name on the first line.
cases()
{
	mkdir -p "$tmp/$1"
	awk -v dir="$tmp/$1" '
		function finish() {
			if (name != "" && output != "" && !error) {
				file = sprintf("%s/%03d.sql", dir, ++n)
				printf "-- %s\n%s%s;\n", name, setup, output > file
				close(file)
			}
			setup = input = output = name = ""
			error = 0
		}
		/^\[/ { finish(); name = $0; next }
		/^\+ / { setup = setup substr($0, 3) ";\n" }
		/^< / { input = input substr($0, 3) "\n" }
		/^> / { output = output substr($0, 3) "\n" }
		/^=$/ { output = input }
		/^! / { error = 1 }
		END { finish() }' "$here/$1.txt"
}

verdict()
{
	if [ -z "$2" ]; then
		echo "ok $1"
	else
		echo "not ok $1 - $2"
		failed=1
	fi
}

cases sqlite
for file in "$tmp"/sqlite/*.sql; do
	verdict "sqlite $(head -n 1 "$file" | cut -c 4-)" \
		"$(sqlite3 -batch -bail :memory: <"$file" 2>&1 >/dev/null)"
done

if [ -z "${PGHOST:-}" ]; then
	echo "skip postgresql - there is no server"
	exit $failed
fi
cases postgresql
for file in "$tmp"/postgresql/*.sql; do
	verdict "postgresql $(head -n 1 "$file" | cut -c 4-)" \
		"$({
			echo 'BEGIN;'
			cat "$file"
			echo 'ROLLBACK;'
		} | PGOPTIONS='-c client_min_messages=warning' psql -X -q \
			-v ON_ERROR_STOP=1 2>&1 >/dev/null)"
done
exit $failed
