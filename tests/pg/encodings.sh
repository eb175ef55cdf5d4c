#!/usr/bin/env bash
#
# A database that is not UTF-8: files are, scripts and messages are not. A
# file's name keeps only ASCII letters there.

set -euo pipefail

database=${PGDATABASE}_latin1
equal()
{
	if [ "$2" = "$3" ]; then
		echo "ok $1"
	else
		echo "not ok $1 - it differs"
		diff <(echo "$2") <(echo "$3") || true
	fi
}
sql()
{
	PGDATABASE=$database PGCLIENTENCODING=UTF8 \
		"$MIGRATE_PG_BINDIR/psql" -X -q -A -t "$@" 2>&1
}
cleanup()
{
	"$MIGRATE_PG_BINDIR/psql" -X -q -c "DROP DATABASE IF EXISTS $database" \
		2>/dev/null
}
trap cleanup EXIT
cleanup
"$MIGRATE_PG_BINDIR/psql" -X -q -c "CREATE DATABASE $database
	ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"

mkdir "$MIGRATE_TMP/dir"
chmod 777 "$MIGRATE_TMP/dir"
cat >"$MIGRATE_TMP/dir/1_größe.sql" <<'END'
-- migrate:message größe
-- migrate:up
CREATE TABLE "größe" (a text);
COPY "größe" FROM stdin;
längé
\.
-- migrate:verify
SELECT a = 'längé' AND octet_length(a) = 5 FROM "größe";
END
printf -- '-- migrate:up\nSELECT 1; -- 12 €\n' >"$MIGRATE_TMP/euro.sql"

got=$(
	sql -c "SET client_min_messages = warning" -c "CREATE EXTENSION migrate"
	sql -c "SELECT migrate_load('$MIGRATE_TMP/dir')"
	sql -c "SET client_min_messages = warning" -c "SELECT migrate_apply()"
	sql -c "SELECT * FROM größe"
	sql -c "SELECT message FROM migrate_history()"
	sql -c "SELECT migrate_load('$MIGRATE_TMP/euro.sql')"
	sql -c "SELECT migrate_revision('ändern', '$MIGRATE_TMP/dir', revision => 'z')" |
		sed 's/.*_/_/'
	sql -c "SELECT migrate_add(E'-- migrate:revision é\n-- migrate:up\n')" |
		head -n 1
) || true
grep -q 'message ändern' "$MIGRATE_TMP"/dir/*_*ndern.sql ||
	got+="
the new file is not UTF-8"
want='1
1
längé
größe
ERROR:  character with byte sequence 0xe2 0x82 0xac in encoding "UTF8" has no equivalent in encoding "LATIN1"
_ndern.sql
ERROR:  revision "é" is not an identifier'
equal encodings "$want" "$got"

# And one that is: a file's name that is not.
name=$(printf 'l\344ngs.sql')
mkdir "$MIGRATE_TMP/names"
printf -- '-- migrate:up\n' >"$MIGRATE_TMP/names/$name" 2>/dev/null || exit 0
got=$("$MIGRATE_PG_BINDIR/psql" -X -q -A -t 2>&1 \
	-c "SET client_min_messages = warning" -c "CREATE EXTENSION migrate" \
	-c "SELECT migrate_load('$MIGRATE_TMP/names')") || true
want="ERROR:  directory \"$MIGRATE_TMP/names\" holds a file whose name is not valid in encoding \"UTF8\""
equal "encodings of names" "$want" "$got"
