#!/usr/bin/env bash
#
# PostgreSQL: a tool that is running holds its lock, or has written to its
# state table, and nothing is taken over until it is done.

set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
work=$MIGRATE_TMP/locks

if [ -z "${PGHOST:-}" ]; then
	echo "skip locks - there is no server"
	exit 0
fi
mkdir -p "$work"
cp -R "$here/files/plain" "$here/files/golang" "$work"
chmod -R a+rX "$MIGRATE_TMP"

run()
{
	PGOPTIONS='-c client_min_messages=warning' \
		"$MIGRATE_PG_BINDIR/psql" -X -q -A -t -c "$1" 2>&1
}

# held NAME STATEMENTS TOOL WANTED: while another session has run these.
held()
{
	local line got pid

	coproc other { exec "$MIGRATE_PG_BINDIR/psql" -X -q -A -t; }
	# shellcheck disable=SC2154 # coproc sets it, and takes it back at the end
	pid=$other_PID
	printf '%s\n' "BEGIN; $2" "\\echo ready" >&"${other[1]}"
	while IFS= read -r line <&"${other[0]}"; do
		[ "$line" != ready ] || break
	done
	got=$(run "SELECT migrate_adopt('$3')")
	printf '%s\n' "ROLLBACK;" "\\q" >&"${other[1]}"
	wait "$pid"
	case $got in
	*"$4"*) echo "ok locks/$1" ;;
	*) echo "not ok locks/$1 - $got" ;;
	esac
}

run "DROP EXTENSION IF EXISTS migrate CASCADE"
run "DROP SCHEMA IF EXISTS public CASCADE"
run "CREATE SCHEMA public"
run "CREATE EXTENSION migrate"
run "SELECT migrate_load('$work/plain')" >/dev/null
run "CREATE TABLE schema_migrations (version varchar PRIMARY KEY)"
run "INSERT INTO schema_migrations VALUES ('20190101000000')"
held table "INSERT INTO schema_migrations VALUES ('20190102000000');" dbmate \
	"dbmate is running"
held reader "SELECT * FROM schema_migrations;" dbmate 1
run "DELETE FROM migrate_applied"
run "CREATE TABLE ar_internal_metadata (key varchar)"
name=$(run "SELECT current_database()")
crc=$(printf '%s' "$name" | gzip -c | tail -c 8 | od -An -N4 -tu4 | tr -d ' ')
held rails "SELECT pg_advisory_lock(2053462845 * $crc::bigint);" rails \
	"Its lock is held by another session"
run "DROP TABLE ar_internal_metadata, schema_migrations"
run "CREATE TABLE _prisma_migrations (checksum text, finished_at timestamptz,
	migration_name text, rolled_back_at timestamptz, started_at timestamptz)"
held prisma "SELECT pg_advisory_lock(72707369);" prisma "prisma is running"
held prisma-free "SELECT pg_advisory_lock(1);" prisma 0
run "DROP TABLE _prisma_migrations"
run "CREATE TABLE schema_migrations (version bigint, dirty boolean)"
sum=$(printf 'public\0schema_migrations\0%s' "$name" | gzip -c | tail -c 8 |
	od -An -N4 -tu4 | tr -d ' ')
held golang-migrate \
	"SELECT pg_advisory_lock($sum::bigint * 1486364155 % 4294967296);" \
	golang-migrate "golang-migrate is running"
run "DROP TABLE schema_migrations"
