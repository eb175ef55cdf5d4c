#!/usr/bin/env bash
#
# run.sh - run suites of tests and count.
#
#     tests/run.sh [SUITE ...]        build first; "make check" does both
#     tests/run.sh all                sanitize and valgrind too
#     V=1 tests/run.sh pg             show all that a suite prints
#
# Without arguments every suite runs. The last line is "N passed, N failed",
# what was skipped and why stands above it; the exit status is 0 when nothing
# failed. Everything that a suite printed is kept in build/check/SUITE.log.
#
# A suite is one of
#     a folder tests/NAME with an executable run.sh, which is the whole suite;
#     a folder tests/NAME without: each *.sql with its *.out, each *.sh and
#     each *.c in it is a test (tests/folder.sh says how they run); only for
#     the suites sqlite and pg;
#     a built-in: unit, lint, fuzz, parity-sqlite and parity-postgresql
#     (tests/parity/run.sh sqlite|postgresql), sanitize and valgrind (what
#     SQLite has, again, in a shell that runs under those).
#
# A suite prints a line for each test, and counts by that:
#     ok NAME
#     not ok NAME - why           (more lines about it may follow)
#     skip NAME - reason
# or, instead, a summary "NAME: N passed, N failed". A suite that ends with a
# status other than 0 without a "not ok", or that prints no result at all,
# counts as one failed test. It reads nothing from standard input, starts in
# the repository's root, and finds in its environment:
#     MIGRATE_BUILD           the build folder
#     MIGRATE_TMP             a folder of its own, empty, removed afterwards;
#                             the server's user can read and write in it, but
#                             perhaps not in the repository: copy there what
#                             the server is to read
#     MIGRATE_SQLITE_MODULE   what ".load" takes: the SQLite module's path
#                             without its suffix
#     MIGRATE_PYTHON          a python3 whose sqlite3 loads extensions
#     MIGRATE_CORPORA         a folder of real migration trees, not part of the
#                             repository; often not there
# "sqlite3" on the path is the shell to test with. With a server at hand also
#     PGHOST PGPORT PGUSER    a superuser's connection
#     PGDATABASE              an empty database of the suite's own
#     MIGRATE_PG_BINDIR       psql, pg_ctl, pg_dump, ...
#     MIGRATE_DESTDIR         for tests/pgserver.sh, to start further servers
# and without one PGHOST is not set: skip what needs it.
#
# Suites may run at the same time (JOBS, else as many as processors): no suite
# may count on what another one did. SUITE_TIMEOUT (seconds) ends one that
# hangs.

set -uo pipefail
umask 022

top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top" || exit 1
BUILD=${BUILD:-$top/build}
jobs=${JOBS:-$(nproc 2>/dev/null || echo 2)}
declare -A running=()
logs=$BUILD/check
tmp=
export PG_CONFIG=${PG_CONFIG:-pg_config}

# Suites in the order of their start: long ones first.
standard()
{
	local dir

	echo lint fuzz unit parity-postgresql parity-sqlite pg sqlite
	for dir in tests/*/run.sh; do
		case $(basename "$(dirname "$dir")") in
		unit | parity | pg | sqlite | fuzz | '*') ;;
		*) basename "$(dirname "$dir")" ;;
		esac
	done
}

# Suites that never look at a PostgreSQL server.
serverless()
{
	case $1 in
	unit | lint | fuzz | sqlite | parity-sqlite | sanitize | valgrind) true ;;
	*) false ;;
	esac
}

# Also when a signal ends this: suites run in process groups of their own.
cleanup()
{
	[ ${#running[@]} = 0 ] || {
		kill "${!running[@]}" 2>/dev/null
		wait
	}
	[ -z "$tmp" ] || {
		tests/pgserver.sh stop "$tmp/server" immediate 2>/dev/null
		rm -rf "$tmp"
	}
}

start_server()
{
	local why=

	if ! command -v "$PG_CONFIG" >/dev/null; then
		why="there is no $PG_CONFIG"
	elif [ ! -x "$("$PG_CONFIG" --bindir)/postgres" ]; then
		why="$PG_CONFIG knows no server"
	elif [ ! -r "$("$PG_CONFIG" --includedir-server)/postgres.h" ]; then
		why="$PG_CONFIG knows no server headers"
	fi
	if [ -n "$why" ]; then
		no_server=$why
		return
	fi
	export MIGRATE_DESTDIR=$tmp/dest
	"${MAKE:-make}" -s --no-print-directory BUILD="$BUILD" install-pg \
		DESTDIR="$MIGRATE_DESTDIR" >"$logs/server.log" 2>&1 &&
		tests/pgserver.sh start "$tmp/server" >>"$logs/server.log" 2>&1 || {
		broken_server=yes
		return
	}
	eval "$(tests/pgserver.sh env "$tmp/server")"
}

# A python3 that loads extensions: some builds leave that out.
find_python()
{
	local python

	for python in python3 /usr/bin/python3; do
		if "$python" -c 'import sqlite3
sqlite3.Connection.enable_load_extension' 2>/dev/null; then
			echo "$python"
			return
		fi
	done
	echo python3
}

# Another way to run SQLite: a shell, before the usual one on the path, that
# can load the sanitized module, or that runs under valgrind; and the same for
# the tests in C, which try every failing allocation and are too slow for
# valgrind.
wrapped_sqlite()
{
	local dir=$MIGRATE_TMP/bin shell run

	shell=$(command -v sqlite3)
	mkdir -p "$dir"
	if [ "$1" = sanitize ]; then
		export MIGRATE_SQLITE_MODULE=$BUILD/san/sqlite/migrate
		export ASAN_OPTIONS=detect_leaks=0:exitcode=99
		export UBSAN_OPTIONS=print_stacktrace=1
		export TEST_CFLAGS="-fsanitize=address,undefined"
		run="env LD_PRELOAD=$("${CC:-cc}" -print-file-name=libasan.so)"
	else
		run="valgrind -q --error-exitcode=99 --leak-check=full"
		run="$run --errors-for-leak-kinds=definite"
		export NO_C=yes
	fi
	printf '#!/bin/sh\nexec %s %s "$@"\n' "$run" "$shell" >"$dir/sqlite3"
	chmod +x "$dir/sqlite3"
	PATH=$dir:$PATH
	export SUITE=$1
}

# What a suite does; its standard output is what counts.
suite()
{
	case $1 in
	unit) "$BUILD/unit/unit" ;;
	lint) tests/lint.sh ;;
	fuzz) tests/fuzz/run.sh ;;
	parity-sqlite) tests/parity/run.sh sqlite ;;
	parity-postgresql) tests/parity/run.sh postgresql ;;
	sanitize | valgrind)
		wrapped_sqlite "$1"
		sed "s/^\(ok\|not ok\|skip\) /&$1\//" < <(
			tests/parity/run.sh sqlite
			suite sqlite
		)
		;;
	*)
		if [ -x "tests/$1/run.sh" ]; then
			"tests/$1/run.sh"
		elif [ -d "tests/$1" ]; then
			tests/folder.sh "$1"
		else
			echo "not ok $1 - there is no such suite"
		fi
		;;
	esac
}

# One suite with its own folder and database; writes $logs/NAME.{log,time}.
run_suite()
{
	local name=$1 status=0 begin=$SECONDS
	local database=${name//[^a-z0-9]/_}

	export MIGRATE_TMP=$tmp/suite/$name
	mkdir -p "$MIGRATE_TMP"
	chmod 1777 "$MIGRATE_TMP"
	if ! serverless "$name" && [ -n "${PGHOST:-}" ]; then
		"$MIGRATE_PG_BINDIR/psql" -X -q -d postgres \
			-c "CREATE DATABASE $database" || status=1
		export PGDATABASE=$database
	else
		unset PGHOST
	fi
	export -f suite wrapped_sqlite
	export BUILD
	timeout -k 10 "${SUITE_TIMEOUT:-1200}" bash -c 'suite "$1"' - "$name" \
		</dev/null &
	# shellcheck disable=SC2064 # this one
	trap "kill $! 2>/dev/null; exit 143" TERM
	wait $! || status=$?
	[ $status = 0 ] || echo "exit status $status" >"$logs/$name.status"
	rm -rf "$MIGRATE_TMP"
	echo $((SECONDS - begin)) >"$logs/$name.time"
}

# Count a finished suite's results and show what is worth showing.
account()
{
	local name=$1 log=$logs/$1.log p f s why=

	read -r p f s < <(awk '
		/^ok /      { p++ }
		/^not ok /  { f++ }
		/^skip /    { s++ }
		/^[a-z0-9_-]+: [0-9]+ passed, [0-9]+ failed/ { sp += $2; sf += $4 }
		END {
			if (p + f + s == 0) { p = sp; f = sf }
			print p + 0, f + 0, s + 0
		}' "$log")
	[ ! -s "$logs/$name.status" ] || why=$(cat "$logs/$name.status")
	if [ -n "$why" ] && [ "$f" = 0 ]; then
		case $why in
		*" 124" | *" 137") why="$why (it took too long)" ;;
		esac
	elif [ $((p + f + s)) = 0 ]; then
		why="it printed no result"
	else
		why=
	fi
	if [ -n "$why" ]; then
		f=$((f + 1))
		echo "not ok $name - $why" >>"$log"
	fi
	if [ -n "${V:-}" ]; then
		printf -- '--- %s\n' "$name"
		cat "$log"
	elif [ "$f" != 0 ]; then
		printf -- '--- %s\n' "$name"
		grep -vE '^(ok|skip) ' "$log" | head -n 200
	fi
	grep '^skip ' "$log" >>"$logs/skipped"
	printf '%-20s %5d passed %4d failed %4d skipped %5d s\n' "$name" \
		"$p" "$f" "$s" "$(cat "$logs/$name.time" 2>/dev/null || echo 0)"
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
}

suites=("$@")
# shellcheck disable=SC2207 # names without blanks
case $* in
'') suites=($(standard)) ;;
all) suites=(valgrind sanitize $(standard)) ;;
esac

rm -rf "$logs"
mkdir -p "$logs"
: >"$logs/skipped"
base=${TMPDIR:-/tmp}
[ ${#base} -le 40 ] || base=/tmp
tmp=$(mktemp -d "$base/mig.XXXXXX")
chmod 755 "$tmp"
trap cleanup EXIT
trap 'exit 130' INT TERM

unset PGHOST PGHOSTADDR PGPORT PGUSER PGPASSWORD PGDATABASE PGSERVICE PGOPTIONS
export MIGRATE_BUILD=$BUILD
export MIGRATE_SQLITE_MODULE=$BUILD/sqlite/migrate
export MIGRATE_CORPORA=${MIGRATE_CORPORA:-$top/../shared/corpora}
MIGRATE_PYTHON=$(find_python)
export MIGRATE_PYTHON

no_server='' broken_server=''
for name in "${suites[@]}"; do
	serverless "$name" || { start_server; break; }
done

passed=0 failed=0 skipped=0
if [ -n "$broken_server" ]; then
	echo "not ok server - it could not be started"
	cat "$logs/server.log"
	failed=1
fi

wait_one()
{
	local pid name

	wait -n -p pid "${!running[@]}"
	name=${running[$pid]}
	unset "running[$pid]"
	account "$name"
}

for name in "${suites[@]}"; do
	case $name in
	pg | parity-postgresql)
		if [ -z "${PGHOST:-}" ]; then
			echo "skip $name - ${no_server:-there is no server}" \
				>"$logs/$name.log"
			account "$name"
			continue
		fi
		;;
	esac
	[ ${#running[@]} -lt "$jobs" ] || wait_one
	run_suite "$name" >"$logs/$name.log" 2>&1 &
	running[$!]=$name
done
while [ ${#running[@]} -gt 0 ]; do
	wait_one
done

if [ $skipped -gt 0 ]; then
	echo "$skipped skipped:"
	sed 's/^skip /    /' "$logs/skipped"
fi
echo "$passed passed, $failed failed"
[ $failed = 0 ]
