#!/usr/bin/env bash
#
# pgserver.sh - a PostgreSQL server to throw away, with the extension in it.
#
#     tests/pgserver.sh start DIR [NAME=VALUE ...]   make and start one in DIR
#     tests/pgserver.sh stop DIR [fast|immediate]    immediate: as in a crash
#     tests/pgserver.sh psql DIR [ARGUMENT ...]      psql connected to it
#     tests/pgserver.sh env DIR                      shell code: PGHOST, ...
#     tests/pgserver.sh as COMMAND ...               run as the server's user
#
# A second start of the same DIR starts it again and adds the settings. The
# server listens on a Unix socket only, DIR/s, so DIR must be a short path.
# It runs as the caller, or, as PostgreSQL refuses root, as the user
# MIGRATE_PG_USER (postgres) when the caller is root. It never waits for a
# disk (fsync is off): a crash of the server loses nothing, one of the machine
# everything.
#
# The extension comes from the tree MIGRATE_DESTDIR (what "make install-pg
# DESTDIR=..." writes), or is installed into DIR/dest when that is not set.
# No file of the system's PostgreSQL is touched: the server is told to look
# there, or, where it does not know how, runs from a copy of its own files.

set -euo pipefail
umask 022

top=$(cd "$(dirname "$0")/.." && pwd)
pg_config=${PG_CONFIG:-pg_config}
owner=${MIGRATE_PG_USER:-postgres}

fail()
{
	echo "pgserver: $*" >&2
	exit 1
}

as_owner()
{
	if [ "$(id -u)" != 0 ]; then
		"$@"
	elif command -v runuser >/dev/null; then
		runuser -u "$owner" -- "$@"
	else
		su -s /bin/sh "$owner" -c "$(printf '%q ' "$@")"
	fi
}

give_owner()
{
	[ "$(id -u)" != 0 ] || chown "$owner" "$@"
}

need_owner()
{
	[ "$(id -u)" = 0 ] || return 0
	id "$owner" >/dev/null 2>&1 ||
		useradd --system --no-create-home "$owner" ||
		fail "root needs a user \"$owner\" to run the server as"
}

bindir()
{
	if [ -d "$1/copy" ]; then
		printf '%s' "$1/copy$("$pg_config" --bindir)"
	else
		"$pg_config" --bindir
	fi
}

# An own prefix: the programs find their libraries and files relative to
# themselves.
copy_server()
{
	local part

	for part in --bindir --pkglibdir --sharedir; do
		part=$("$pg_config" "$part")
		mkdir -p "$1/copy$part"
		cp -R "$part/." "$1/copy$part/"
	done
	cp -R "$2/." "$1/copy/"
}

# Settings that make the server look into the tree $2.
find_extension()
{
	local known

	known=$("$(bindir "$1")/postgres" --describe-config | cut -f 1)
	if grep -qx extension_destdir <<<"$known"; then
		echo "extension_destdir = '$2'"
	elif grep -qx extension_control_path <<<"$known"; then
		echo "extension_control_path = '$2$("$pg_config" --sharedir):\$system'"
		echo "dynamic_library_path = '$2$("$pg_config" --pkglibdir):\$libdir'"
	else
		copy_server "$1" "$2"
	fi
}

make_server()
{
	local dir=$1 dest=${MIGRATE_DESTDIR:-} settings locale=C

	[ ${#dir} -le 80 ] || fail "the path $dir is too long for a Unix socket"
	mkdir -p "$dir/data" "$dir/s"
	chmod 755 "$dir"
	if [ -z "$dest" ]; then
		dest=$dir/dest
		"${MAKE:-make}" -s --no-print-directory -C "$top" \
			PG_CONFIG="$pg_config" install-pg DESTDIR="$dest" >/dev/null
	fi
	settings=$(find_extension "$dir" "$dest")
	! locale -a 2>/dev/null | grep -qiE '^c\.utf-?8$' || locale=C.UTF-8
	give_owner "$dir/data" "$dir/s"
	: >"$dir/log"
	give_owner "$dir/log"
	as_owner "$(bindir "$dir")/initdb" -D "$dir/data" -U postgres -A trust \
		--locale="$locale" -E UTF8 --no-sync >"$dir/initdb.log" 2>&1 ||
		fail "initdb: $(cat "$dir/initdb.log")"
	as_owner tee -a "$dir/data/postgresql.conf" >/dev/null <<-END
		listen_addresses = ''
		unix_socket_directories = '$dir/s'
		port = 5432
		fsync = off
		full_page_writes = off
		shared_buffers = 64MB
		max_connections = 60
		max_prepared_transactions = 4
		log_line_prefix = '%m [%p] %q%u@%d '
		$settings
	END
}

start()
{
	local dir=$1

	shift
	need_owner
	[ -s "$dir/data/PG_VERSION" ] || make_server "$dir"
	cd "$dir"
	if [ $# -gt 0 ]; then
		printf '%s\n' "$@" | as_owner tee -a data/postgresql.conf >/dev/null
	fi
	as_owner "$(bindir "$dir")/pg_ctl" start -D "$dir/data" -w -t 120 \
		-l "$dir/log" >/dev/null </dev/null 3>&- 4>&- ||
		fail "could not start the server: $(tail -n 20 "$dir/log")"
}

stop()
{
	[ -f "$1/data/postmaster.pid" ] || return 0
	cd "$1"
	as_owner "$(bindir "$1")/pg_ctl" stop -D "$1/data" -m "${2:-fast}" -w \
		-t 60 >/dev/null
}

show_env()
{
	printf "export PGHOST='%s' PGPORT=5432 PGUSER=postgres\n" "$1/s"
	printf "export PGDATABASE='%s' MIGRATE_PG_BINDIR='%s'\n" \
		"${PGDATABASE:-postgres}" "$(bindir "$1")"
}

[ $# -ge 2 ] || { sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
command=$1
shift
if [ "$command" != as ]; then
	mkdir -p "$1"
	dir=$(cd "$1" && pwd)
	shift
fi
case $command in
start) start "$dir" "$@" ;;
stop) stop "$dir" "$@" ;;
env) show_env "$dir" ;;
psql)
	eval "$(show_env "$dir")"
	exec "$MIGRATE_PG_BINDIR/psql" "$@"
	;;
as) as_owner "$@" ;;
*) fail "$command is none of: start, stop, psql, env, as" ;;
esac
