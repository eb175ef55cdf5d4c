#!/usr/bin/env bash
#
# What a database goes through: a physical copy becomes a server of its own,
# and a new version of the extension takes over from the old one.

set -euo pipefail

bin=$MIGRATE_PG_BINDIR
server=$PWD/tests/pgserver.sh
dir=$MIGRATE_TMP/copy
export MIGRATE_DESTDIR=${MIGRATE_DESTDIR:-}
sql()
{
	"$bin/psql" -X -q -A -t -v ON_ERROR_STOP=1 "$@"
}
# shellcheck disable=SC2120
copy()
{
	PGHOST=$dir sql "$@"
}
equal()
{
	if [ "$2" = "$3" ]; then
		echo "ok survive $1"
	else
		echo "not ok survive $1 - $3"
	fi
}
fail()
{
	echo "not ok survive - $*"
	exit 1
}

state="SELECT row_to_json(r) FROM tools.migrate_revision AS r ORDER BY 1::text;
	SELECT row_to_json(a) FROM tools.migrate_applied AS a ORDER BY 1::text;
	SELECT row_to_json(l) FROM tools.migrate_log AS l ORDER BY id;
	SELECT row_to_json(s) FROM tools.migrate_setting AS s ORDER BY 1::text;
	SELECT tools.migrate_fingerprint();
	SELECT count(*) FROM tools.migrate_verify();
	SELECT tools.migrate_script('a'), tools.migrate_script('b');"
go_on="SET client_min_messages = warning;
	SELECT tools.migrate_apply(), tools.migrate_revert('a'),
		tools.migrate_apply('b');
	SELECT revision, state FROM tools.migrate_status();
	SELECT count(*) FROM tools.migrate_verify();"

# Scripts, one of them applied, and a setting; in a schema of their own.
fill()
{
	cat <<-'END_SQL'
		SET client_min_messages = warning;
		CREATE SCHEMA tools;
		CREATE EXTENSION migrate SCHEMA tools;
		SELECT tools.migrate_add($$
		-- migrate:revision a
		-- migrate:revises base
		-- migrate:up
		CREATE TABLE t (a integer);
		-- migrate:down
		DROP TABLE t;
		-- migrate:revision b
		-- migrate:revises a
		-- migrate:up
		INSERT INTO t VALUES (1);
		-- migrate:down
		DELETE FROM t;
		$$);
		SELECT tools.migrate_apply('a');
		INSERT INTO tools.migrate_setting VALUES ('slug_length', '10');
	END_SQL
}
gone_on="1|1|1
a|applied
b|applied
0"

stop()
{
	"$server" as "$bin/pg_ctl" stop -D "$dir" -m immediate >/dev/null 2>&1 ||
		true
	"$server" stop "$MIGRATE_TMP/next" immediate >/dev/null 2>&1 || true
}
trap stop EXIT

physical_copy()
{
	local before

	if [ "$(sql -c 'SHOW max_wal_senders')" = 0 ] ||
		[ "$(sql -c 'SHOW wal_level')" = minimal ]; then
		echo "skip survive copy - the server has no replication"
		return
	fi
	fill | sql >/dev/null
	before=$(sql <<<"$state")
	cd "$MIGRATE_TMP" # where the server's user may be
	"$server" as "$bin/pg_basebackup" -h "$PGHOST" -p "$PGPORT" \
		-U "$PGUSER" -D "$dir" -c fast --no-sync || fail "pg_basebackup"
	"$server" as tee -a "$dir/postgresql.conf" >/dev/null \
		<<<"unix_socket_directories = '$dir'"
	"$server" as "$bin/pg_ctl" start -D "$dir" -w -l "$dir/log" \
		>/dev/null </dev/null || fail "could not start it: $(tail "$dir/log")"
	equal copy "$before" "$(copy <<<"$state")"
	equal "copy goes on" "$gone_on" "$(copy <<<"$go_on")"
	equal "copy alone" "$before" "$(sql <<<"$state")"
	cd - >/dev/null
}

# A version that is the present one under another name, in a private tree.
make_next()
{
	local tree=$MIGRATE_TMP/dest control folder

	cp -R "$MIGRATE_DESTDIR" "$tree"
	chmod -R u+w,a+rX "$tree"
	control=$(find "$tree" -name migrate.control)
	folder=$(dirname "$control")
	now=$(sed -n "s/^default_version = '\(.*\)'/\1/p" "$control")
	next=$now.1
	echo "COMMENT ON EXTENSION migrate IS 'the next one';" \
		>"$folder/migrate--$now--$next.sql"
	MIGRATE_DESTDIR=$tree
}

update()
{
	local before

	if [ -z "$MIGRATE_DESTDIR" ]; then
		echo "skip survive update - there is no tree of the extension"
		return
	fi
	make_next
	"$server" start "$MIGRATE_TMP/next" || fail "the server does not start"
	eval "$(PGDATABASE='' "$server" env "$MIGRATE_TMP/next")"
	fill | sql >/dev/null
	before=$(sql <<<"$state")
	equal "update has a path" "$now--$next" "$(sql -c "SELECT path
		FROM pg_extension_update_paths('migrate')
		WHERE source = '$now' AND target = '$next'")"
	equal update "$next|the next one" "$(
		sql -c "ALTER EXTENSION migrate UPDATE TO '$next'" \
			-c "SELECT extversion, obj_description(oid) FROM pg_extension
				WHERE extname = 'migrate'"
	)"
	equal "update keeps all" "$before" "$(sql <<<"$state")"
	equal "update goes on" "$gone_on" "$(sql <<<"$go_on")"
}

physical_copy
update
