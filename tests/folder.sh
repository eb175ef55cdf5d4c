#!/usr/bin/env bash
#
# folder.sh - run the tests of a folder that has no run.sh of its own.
#
#     tests/folder.sh sqlite|pg [TEST ...]      names without suffix; none: all
#     ACCEPT=1 tests/folder.sh sqlite NAME      write the expected output
#
# tests/run.sh says what the environment holds. A test is one of
#     NAME.sql    given to a shell; what that prints must be NAME.out. sqlite:
#                 the sqlite3 shell on a new file, the module loaded before.
#                 pg: psql as pg_regress calls it (-X -a -q), in a database of
#                 its own, where the test creates the extension. sql/NAME.sql
#                 with expected/NAME.out does as well. Folders under
#                 MIGRATE_TMP are printed as @tmp@.
#     NAME.sh     run in the repository's root; it prints result lines, or
#                 nothing and its status counts.
#     NAME.c      sqlite only: a program linked with SQLite, called with the
#                 module's path; likewise. TEST_CFLAGS compiles it in
#                 another way, NO_C leaves all of these out.
# Every test finds an empty folder of its own in MIGRATE_TMP.

set -uo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top" || exit 1
suite=${1:?which folder?}
shift
folder=tests/$suite
base=$MIGRATE_TMP
work=${MIGRATE_BUILD:-$top/build}/check/${SUITE:-$suite}
mkdir -p "$work"

fresh_tmp()
{
	export MIGRATE_TMP=$base/$1
	rm -rf "$MIGRATE_TMP"
	mkdir -p "$MIGRATE_TMP"
	chmod 1777 "$MIGRATE_TMP"
}

shell_sqlite()
{
	sqlite3 -batch -init /dev/null -cmd ".load $MIGRATE_SQLITE_MODULE" \
		"$MIGRATE_TMP/test.db" 2>&1
}

shell_pg()
{
	# Times and roles must not depend on where the tests run.
	PGTZ=UTC PGDATESTYLE=ISO PGCLIENTENCODING=UTF8 \
		"$MIGRATE_PG_BINDIR/psql" -X -a -q -v tmp="$MIGRATE_TMP" 2>&1
}

# Other versions of the sqlite3 shell than 3.40, which wrote what is expected,
# name an error differently and leave its number out.
same()
{
	local words='s/^(Runtime error|Parse error|Error:?) near line/Error near line/
		s/^(Error near line [0-9]+: )(stepping|in prepare), /\1/
		s/ \([0-9]+\)$//'

	[ "$suite" = sqlite ] && ! sqlite3 -version | grep -q '^3\.40\.' || words=
	diff -u --label "$1" --label "what it printed" \
		<(sed -E "$words" "$1") <(sed -E "$words" "$2")
}

run_sql()
{
	local name=$1 file=$2 out=${2%.sql}.out

	[ -e "$folder/sql/$name.sql" ] && out=$folder/expected/$name.out
	sed "s|@tmp@|$MIGRATE_TMP|g" "$file" | "shell_$suite" |
		sed "s|$MIGRATE_TMP|@tmp@|g" >"$work/$name.got"
	[ -z "${ACCEPT:-}" ] || cp "$work/$name.got" "$out"
	if [ -f "$out" ] && same "$out" "$work/$name.got" >"$work/$name.diff"; then
		echo "ok $suite/$name"
	else
		echo "not ok $suite/$name - the output differs"
		head -n 100 "$work/$name.diff"
	fi
}

# A script or program that says it by lines, or by its status.
run_program()
{
	local name=$1 status=0

	shift
	"$@" >"$work/$name.got" 2>&1 </dev/null || status=$?
	if grep -qE '^(ok|not ok|skip) ' "$work/$name.got"; then
		sed -E "s#^(ok|not ok|skip) ($suite/)?#\1 $suite/#" "$work/$name.got"
		[ $status = 0 ] || grep -q '^not ok ' "$work/$name.got" ||
			echo "not ok $suite/$name - exit status $status"
	elif [ $status = 0 ]; then
		echo "ok $suite/$name"
	else
		echo "not ok $suite/$name - exit status $status"
		tail -n 100 "$work/$name.got"
	fi
}

run_c()
{
	local name=$1 file=$2

	# shellcheck disable=SC2086
	if ! ${CC:-cc} -std=c11 -D_GNU_SOURCE -g -Wall -Wextra -Icommon \
		${TEST_CFLAGS:-} -o "$work/$name" "$file" -lsqlite3 -lpthread \
		>"$work/$name.log" 2>&1; then
		echo "not ok $suite/$name - it does not compile"
		cat "$work/$name.log"
		return
	fi
	run_program "$name" "$work/$name" "$MIGRATE_SQLITE_MODULE"
}

# In PostgreSQL a test's database is its own.
with_database()
{
	local database

	if [ "$suite" != pg ]; then
		"$@"
		return
	fi
	database=pg_$(tr -c 'a-z0-9\n' _ <<<"$2")
	"$MIGRATE_PG_BINDIR/psql" -X -q -d postgres \
		-c "CREATE DATABASE $database"
	PGDATABASE=$database "$@"
	"$MIGRATE_PG_BINDIR/psql" -X -q -d postgres \
		-c "DROP DATABASE IF EXISTS $database"
}

for file in "$folder"/*.sql "$folder"/sql/*.sql "$folder"/*.sh "$folder"/*.c; do
	[ -f "$file" ] || continue
	[ -z "${NO_C:-}" ] || [ "${file%.c}" = "$file" ] || continue
	name=$(basename "${file%.*}")
	[ $# = 0 ] || case " $* " in
	*" $name "*) ;;
	*) continue ;;
	esac
	fresh_tmp "$name"
	case $file in
	*.sql) with_database run_sql "$name" "$file" ;;
	*.sh) with_database run_program "$name" bash "$file" ;;
	*.c) run_c "$name" "$file" ;;
	esac
	rm -rf "$MIGRATE_TMP"
done
