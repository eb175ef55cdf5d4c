#!/usr/bin/env bash
#
# A dump carries scripts, state and log, and a restored database goes on.

set -euo pipefail

bin=$MIGRATE_PG_BINDIR
copy=${PGDATABASE}_copy
sql()
{
	"$bin/psql" -X -q -A -t -v ON_ERROR_STOP=1 "$@"
}

state="SELECT row_to_json(r) FROM migrate_revision AS r ORDER BY revision;
	SELECT row_to_json(a) FROM migrate_applied AS a ORDER BY revision;
	SELECT row_to_json(l) FROM migrate_log AS l ORDER BY id;
	SELECT row_to_json(s) FROM migrate_state AS s ORDER BY name;
	SELECT row_to_json(s) FROM migrate_setting AS s ORDER BY name;
	SELECT migrate_fingerprint(); SELECT migrate_check();"

cleanup()
{
	sql -d postgres -c "DROP DATABASE IF EXISTS $copy" \
		-c "DROP ROLE IF EXISTS mig_dump" 2>/dev/null || true
}
trap cleanup EXIT
cleanup

sql >/dev/null <<-'END'
	CREATE SCHEMA tools;
	CREATE EXTENSION migrate SCHEMA tools;
	SET search_path = public, tools;
	SET client_min_messages = warning;
	SELECT migrate_add($$
	-- migrate:revision a
	-- migrate:revises base
	-- migrate:message "quoted" \ and	tabbed
	-- migrate:up
	CREATE TABLE t (a integer);
	-- migrate:down
	DROP TABLE t;
	-- migrate:revision b
	-- migrate:revises a
	-- migrate:up
	INSERT INTO t VALUES (1);
	$$);
	SELECT migrate_apply();
	INSERT INTO migrate_setting VALUES ('timezone', 'local');
	CREATE ROLE mig_dump;
	UPDATE migrate_revision SET loaded_by = 'mig_dump' WHERE revision = 'a';
END
export PGOPTIONS="-c search_path=public,tools -c client_min_messages=warning"
before=$(sql <<<"$state")

for format in "" -Fc --inserts; do
	sql -d postgres -c "DROP DATABASE IF EXISTS $copy" \
		-c "CREATE DATABASE $copy"
	# shellcheck disable=SC2086 # no format, or one
	"$bin/pg_dump" $format >"$MIGRATE_TMP/dump"
	if [ "$format" = -Fc ]; then
		"$bin/pg_restore" -d "$copy" "$MIGRATE_TMP/dump"
	else
		"$bin/psql" -X -q -v ON_ERROR_STOP=1 -d "$copy" \
			<"$MIGRATE_TMP/dump" >/dev/null
	fi
	after=$(sql -d "$copy" <<<"$state")
	if [ "$before" = "$after" ]; then
		echo "ok dump${format:+ $format}"
	else
		echo "not ok dump $format - what was restored differs"
		diff <(echo "$before") <(echo "$after") || true
	fi
done

# Numbers of positions and of the log go on where they were.
after=$(sql -d "$copy" <<-'END'
	SELECT migrate_add(E'-- migrate:revision c\n-- migrate:revises b\n'
		'-- migrate:up\nINSERT INTO t VALUES (2);\n'
		'-- migrate:down\nDELETE FROM t WHERE a = 2;');
	SELECT migrate_apply(), migrate_revert('b');
	SELECT count(*) FROM t;
	SELECT max(id), count(*) FROM migrate_log;
	SELECT max(position), count(*) FROM migrate_revision;
	SELECT tgenabled FROM pg_trigger WHERE tgname = 'migrate_guard';
END
) || true
if [ "$(tr '\n' ' ' <<<"$after")" = "1 1|1 1 4|4 3|3 A " ]; then
	echo "ok dump goes on"
else
	echo "not ok dump goes on - $after"
fi
