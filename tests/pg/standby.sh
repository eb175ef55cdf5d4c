#!/usr/bin/env bash
#
# A standby server can be looked at; what writes is refused at once.

set -euo pipefail

bin=$MIGRATE_PG_BINDIR
dir=$MIGRATE_TMP/standby
server=$PWD/tests/pgserver.sh
as()
{
	"$server" as "$@"
}
primary()
{
	"$bin/psql" -X -q -A -t -v ON_ERROR_STOP=1 "$@"
}
standby()
{
	PGHOST=$dir "$bin/psql" -X -q -A -t "$@" 2>&1
}
fail()
{
	echo "not ok standby - $*"
	exit 1
}
equal()
{
	if [ "$2" = "$3" ]; then
		echo "ok standby $1"
	else
		echo "not ok standby $1 - $3"
	fi
}

[ "$(primary -c 'SHOW max_wal_senders')" != 0 ] &&
	[ "$(primary -c 'SHOW wal_level')" != minimal ] || {
	echo "skip standby - the server has no replication"
	exit
}

primary -c "SET client_min_messages = warning" \
	-c "CREATE EXTENSION migrate" \
	-c "SELECT migrate_add(E'-- migrate:revision a\n-- migrate:revises base\n-- migrate:up\n')" \
	>/dev/null

stop()
{
	as "$bin/pg_ctl" stop -D "$dir" -m immediate >/dev/null 2>&1 || true
}
trap stop EXIT
cd "$MIGRATE_TMP" # where the server's user may be
as "$bin/pg_basebackup" -h "$PGHOST" -p "$PGPORT" -U "$PGUSER" -D "$dir" \
	-R -c fast --no-sync || fail "pg_basebackup"
as tee -a "$dir/postgresql.conf" >/dev/null <<<"
unix_socket_directories = '$dir'
hot_standby = on"
as "$bin/pg_ctl" start -D "$dir" -w -l "$dir/log" >/dev/null </dev/null ||
	fail "could not start it: $(tail "$dir/log")"

equal looks "a|pending" \
	"$(standby -c "SELECT revision, state FROM migrate_status()")"
equal plans "a" "$(standby -c "SELECT revision FROM migrate_plan()")"
equal apply "ERROR:  cannot run migrations on a standby server
HINT:  Connect to the primary server." "$(standby -c "SELECT migrate_apply()")"
equal add "ERROR:  cannot change migrations on a standby server
HINT:  Connect to the primary server." \
	"$(standby -c "SELECT migrate_add(migrate_script('a'))")"
equal run "ERROR:  cannot run migrations on a standby server
HINT:  Connect to the primary server." "$(standby -c "CALL migrate_run()")"
equal rehearse "ERROR:  cannot run migrations on a standby server
HINT:  Connect to the primary server." \
	"$(standby -c "SELECT migrate_rehearse()")"
equal start "ERROR:  cannot run migrations on a standby server
HINT:  Connect to the primary server." "$(standby -c "SELECT migrate_start()")"
equal jobs "" "$(standby -c "SELECT job FROM migrate_job")"
equal code "ERROR:  25006: cannot run migrations on a standby server" \
	"$(standby -v VERBOSITY=verbose -c "SELECT migrate_revert('a')" |
		head -n 1)"

primary -c "SET client_min_messages = warning" \
	-c "SELECT migrate_apply()" >/dev/null
here=$(primary -c "SELECT pg_current_wal_flush_lsn()")
until [ "$(standby -c "SELECT pg_last_wal_replay_lsn() >= '$here'")" = t ]; do
	[ -f "$dir/postmaster.pid" ] || fail "it stopped"
done
# There is nothing left to do, so nothing is refused.
equal idle "0" "$(standby -c "SELECT migrate_apply()")"
equal idle-run "" "$(standby -c "CALL migrate_run()")"
equal check "0" "$(standby -c "SELECT migrate_check()")"
