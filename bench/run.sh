#!/usr/bin/env bash
#
# run.sh - measure migrate against the least that any correct tool must do.
#
#     make bench                  build, then this
#     bench/run.sh part           smaller sizes; or PART=1
#     ROWS=whole bench/run.sh     only the tables of whole processes;
#                                 ROWS=inside: only those within a process
#     FSYNC=on bench/run.sh       the server waits for its disk
#
# BUILD names the folder that "make" built into. docs/benchmarks.md says what
# the rows are. Only the ratios mean anything: times are those of a server
# that is thrown away, on a machine that may have other things to do.

set -euo pipefail
umask 022

top=$(cd "$(dirname "$0")/.." && pwd)
BUILD=${BUILD:-$top/build}
out=$BUILD/bench
core=$BUILD/core/libmigcore.a
PG_CONFIG=${PG_CONFIG:-pg_config}
export PG_CONFIG
part=()
[ "${1:-}" != part ] && [ -z "${PART:-}" ] || part=(part)
tmp=$(mktemp -d /tmp/migb.XXXXXX)
chmod 755 "$tmp"

finish()
{
	"$top/tests/pgserver.sh" stop "$tmp/server" immediate || true
	rm -rf "$tmp"
}
trap finish EXIT

skip()
{
	printf '\nskipped %s: %s\n' "$1" "$2"
}

# build PROGRAM LIBRARY [SOURCE ...]
build()
{
	local program=$1 library=$2 files=() flags=()

	shift 2
	read -ra flags <<<"${CPPFLAGS:-} ${CFLAGS:--O2 -g} $library"
	for file in "$program" bench "$@"; do
		files+=("$top/bench/$file.c")
	done
	${CC:-cc} -std=c11 -D_GNU_SOURCE -Wall -Wextra -I"$top/common" \
		-o "$out/$program" "${files[@]}" "$core" "${flags[@]}"
}

wanted()
{
	[ "${ROWS:-$1}" = "$1" ]
}

# An empty folder of that name.
folder()
{
	rm -rf "${tmp:?}/$1"
	mkdir "$tmp/$1"
	printf '%s' "$tmp/$1"
}

has_header()
{
	echo "#include <$1>" | ${CC:-cc} -E - >/dev/null 2>&1
}

# ALTER TABLE, for which python3 has to load the module.
rebuild()
{
	local name

	for name in "${MIGRATE_PYTHON:-python3}" /usr/bin/python3; do
		"$name" -c 'import sqlite3
sqlite3.connect("").enable_load_extension(True)' 2>/dev/null || continue
		"$name" "$top/bench/rebuild.py" "$(folder rebuild)" "$1" \
			$((${#part[@]} ? 100000 : 1000000))
		return
	done
	skip "ALTER TABLE" "no python3 loads extensions"
}

sqlite()
{
	local module=

	for file in "$BUILD"/sqlite/migrate.so "$BUILD"/sqlite/migrate.dylib; do
		[ ! -f "$file" ] || module=$file
	done
	[ -n "$module" ] || { skip SQLite "there is no module"; return; }
	has_header sqlite3.h || { skip SQLite "there is no sqlite3.h"; return; }
	if wanted inside; then
		build bench_sqlite -lsqlite3
		"$out/bench_sqlite" "$module" "$(folder inside)" "${part[@]}"
	fi
	if wanted inside; then
		rebuild "${module%.*}"
	fi
	wanted whole || return 0
	command -v sqlite3 >/dev/null ||
		{ skip "SQLite, whole processes" "there is no sqlite3"; return; }
	build base_sqlite -lsqlite3 scripts
	"$out/bench_whole" sqlite "$(folder whole)" "$out/base_sqlite" \
		"${module%.*}" "${part[@]}"
}

# One transaction that makes 1,000 tables, each with what belongs to it,
# holds more locks than a server gives by default.
server()
{
	"$top/tests/pgserver.sh" start "$tmp/server" \
		"max_locks_per_transaction = 256" "fsync = ${FSYNC:-off}" \
		"shared_buffers = 128MB" # as a server has it by default
	eval "$("$top/tests/pgserver.sh" env "$tmp/server")"
	export PATH=$MIGRATE_PG_BINDIR:$PATH
}

pg()
{
	local include library

	[ -f "$BUILD/pg/migrate.so" ] || [ -f "$BUILD/pg/migrate.dylib" ] ||
		{ skip PostgreSQL "there is no extension"; return; }
	include=$("$PG_CONFIG" --includedir)
	library=$("$PG_CONFIG" --libdir)
	[ -r "$include/libpq-fe.h" ] ||
		{ skip PostgreSQL "there is no libpq-fe.h"; return; }
	make -s --no-print-directory -C "$top" BUILD="$BUILD" \
		PG_CONFIG="$PG_CONFIG" install-pg DESTDIR="$tmp/dest" >/dev/null
	export MIGRATE_DESTDIR=$tmp/dest
	server
	library="-I$include -L$library -lpq"
	if wanted inside; then
		build bench_pg "$library"
		"$out/bench_pg" "$(folder inside)" "${part[@]}"
	fi
	wanted whole || return 0
	build base_pg "$library" scripts
	"$out/bench_whole" pg "$(folder whole)" "$out/base_pg" "${part[@]}"
}

[ -f "$core" ] || { echo "run.sh: build first (make)" >&2; exit 1; }
mkdir -p "$out"
[ ${#part[@]} = 0 ] || echo "smaller sizes than the rows say"
build bench_whole ""
sqlite
pg
