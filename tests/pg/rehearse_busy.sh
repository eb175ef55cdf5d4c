#!/usr/bin/env bash
#
# A rehearsal gives way: to whoever holds a lock that it wants, after the time
# that the setting says; and it leaves its own locks behind for nobody.

set -euo pipefail

psql=("$MIGRATE_PG_BINDIR/psql" -X -q -A -t -v ON_ERROR_STOP=1)
"${psql[@]}" <<'E'
SET client_min_messages = warning;
CREATE EXTENSION migrate;
INSERT INTO migrate_setting VALUES ('lock_timeout', '20ms');
CREATE TABLE busy (id integer);
SELECT migrate_add($$-- migrate:revision a
-- migrate:revises base
-- migrate:up
CREATE TABLE first ();
ALTER TABLE busy ADD COLUMN note text;
$$);
E

# Another session reads the table in a transaction that stays open.
coproc holder { "${psql[@]}" 2>&1; }
# shellcheck disable=SC2154
pid=$holder_PID # which the shell takes back when it ends
echo "BEGIN; SELECT count(*) FROM busy;" >&"${holder[1]}"
read -r _ <&"${holder[0]}"

got=$("${psql[@]}" -c "SELECT count(*) FROM migrate_rehearse()" 2>&1) &&
	echo "not ok rehearse-gives-way - it did not fail: $got"
case $got in
*"lock timeout"*"revision \"a\", line 5"*) echo "ok rehearse-gives-way" ;;
*) echo "not ok rehearse-gives-way - $got" ;;
esac

# The other way round: what was rehearsed holds nobody up.
echo "COMMIT;" >&"${holder[1]}"
got=$("${psql[@]}" <<'E' 2>&1
BEGIN;
SET client_min_messages = warning;
SELECT count(*) FROM migrate_rehearse();
SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid()
AND relation = 'busy'::regclass;
COMMIT;
E
)
echo "\\q" >&"${holder[1]}"
wait "$pid" || true
if [ "$got" = "$(printf '2\n0')" ]; then
	echo "ok rehearse-lets-go"
else
	echo "not ok rehearse-lets-go - $got"
fi
