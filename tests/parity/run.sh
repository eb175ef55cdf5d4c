#!/usr/bin/env bash
#
# run.sh - the same SQL in both databases, against one expected output.
#
#     tests/parity/run.sh sqlite [NAME ...]
#     tests/parity/run.sh postgresql [NAME ...]
#     ACCEPT=1 tests/parity/run.sh sqlite NAME ...    write NAME.out
#
# A test is NAME.sql with NAME.out beside it. It starts in an empty database
# with the extension in it. tests/run.sh says which variables are read;
# PARITY_DIR is another folder with tests, and files, of that kind.
# In a test
#     --# text            on a line of its own prints the text
#     --include FILE      puts in that file
#     @dir@               is a folder with copies of tests/parity/files/* and
#                         examples/app, which the database's host may read
#                         and write
#
# What the two shells print differently is made equal: the start of an error,
# the number that the sqlite3 shell puts behind one, the statement that psql
# puts before its place. What differs each
# time is left out: roles, durations, and times after the year 2020, so tests
# that show times use earlier ones. Everything else has to be equal, so a test
# that shows a boolean writes it with CASE.

set -uo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
here=${PARITY_DIR:-$top/tests/parity}
kind=${1:-}
shift || true
own=
if [ -z "${MIGRATE_TMP:-}" ]; then
	own=$(mktemp -d)
	chmod 777 "$own"
	trap 'rm -rf "$own"' EXIT
fi
tmp=${MIGRATE_TMP:-$own}/parity-$kind
module=${MIGRATE_SQLITE_MODULE:-$top/build/sqlite/migrate}
version=$(sed -n '/"version"/{s/.*: *"\([^"]*\)".*/\1/p;q;}' "$top/META.json")
psql=${MIGRATE_PG_BINDIR:+$MIGRATE_PG_BINDIR/}psql

# The text of a test with its marks replaced.
prepare()
{
	awk -v here="$here" '
		/^--include / {
			file = here "/" $2
			while ((got = (getline line <file)) > 0)
				print line
			if (got < 0)
				print "file " file " is missing"
			close(file)
			next
		}
		/^--# / {
			sub(/^--# /, "")
			gsub(/\047/, "\047\047")
			print "SELECT \047# " $0 "\047;"
			next
		}
		{ print }' "$1" | sed "s|@dir@|$2|g"
}

in_sqlite()
{
	rm -f "$tmp/$1.db"*
	{
		echo ".load $module"
		echo "PRAGMA foreign_keys = ON;"
		cat "$tmp/$1.sql"
	} | sqlite3 -batch -list -init /dev/null "$tmp/$1.db" 2>&1
}

in_postgresql()
{
	{
		echo "DROP EXTENSION IF EXISTS migrate CASCADE;"
		echo "DROP SCHEMA IF EXISTS public CASCADE;"
		echo "CREATE SCHEMA public;"
		echo "CREATE EXTENSION migrate;"
		cat "$tmp/$1.sql"
	} | PGTZ=UTC PGCLIENTENCODING=UTF8 \
		PGOPTIONS='-c client_min_messages=warning -c datestyle=ISO' \
		"$psql" -X -q -A -t 2>&1
}

# One form for what the shells and the clock make different.
normal()
{
	local dir=$1

	sed -E \
		-e 's/^((Runtime|Parse) error|Error:?) near line [0-9]+: ((stepping|in prepare), )?/ERROR:  /' \
		-e "s|$dir|@dir@|g" \
		-e "s/'$version'/'VERSION'/" \
		-e 's/20[2-9][0-9]-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|\+00)/TIME/g' \
		-e 's/ by [^ ]+ in [0-9]+ ms$/ by WHO in N ms/' |
		awk '
			/^(ERROR|DETAIL|HINT|CONTEXT):  / { sub(/ \([0-9]+\)$/, "") }
			# The server names the statement, too, before the place.
			/^CONTEXT:  SQL statement ".*"$/ { context = 1; next }
			context && /^revision "/ { $0 = "CONTEXT:  " $0 }
			{ context = 0 }
			{ print }'
}

one()
{
	local name=$1 dir=$tmp/$1.d

	rm -rf "$dir"
	mkdir -p "$dir"
	cp -r "$here"/files/. "$top/examples/app" "$dir"
	chmod -R a+rwX "$dir"
	prepare "$here/$name.sql" "$dir" >"$tmp/$name.sql"
	"in_$kind" "$name" | normal "$dir" >"$tmp/$name.got"
	if [ -n "${ACCEPT:-}" ]; then
		cp "$tmp/$name.got" "$here/$name.out"
	fi
	if diff -u "$here/$name.out" "$tmp/$name.got" >"$tmp/$name.diff" 2>&1; then
		echo "ok $name"
	else
		echo "not ok $name - the output differs"
		head -n 100 "$tmp/$name.diff"
	fi
}

case $kind in
sqlite | postgresql) ;;
*)
	echo "usage: tests/parity/run.sh sqlite|postgresql [NAME ...]" >&2
	exit 2
	;;
esac
mkdir -p "$tmp"
chmod 777 "$tmp"
if [ $# = 0 ]; then
	for file in "$here"/*.sql; do
		set -- "$@" "$(basename "$file" .sql)"
	done
fi
for name in "$@"; do
	one "$name"
done
