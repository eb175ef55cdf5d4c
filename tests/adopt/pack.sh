#!/usr/bin/env bash
#
# A directory that the installed script packs gives the same revisions as the
# directory itself.

set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
top=$here/../..
work=$MIGRATE_TMP/pack
mkdir -p "$work"
"${MAKE:-make}" -s --no-print-directory -C "$top" install-pack \
	DESTDIR="$work/root" prefix=/usr || echo "not ok pack/install - no script"
pack=$work/root/usr/bin/migrate-pack
case $("$pack" 2>&1) in
"usage: migrate-pack "*) echo "ok pack/install" ;;
*) echo "not ok pack/install - it does not run" ;;
esac
cp -R "$here/files/." "$work"
cp -R "$work/flyway" "$work/odd names, 100%"
printf 'Flyway\r\nnotes' >"$work/odd names, 100%/notes.txt"
printf '\357\273\277-- migrate:up\r\nCREATE TABLE four (x integer);\r\n' \
	>"$work/plain/20190104000000_four.sql"
chmod -R a+rX "$work" 2>/dev/null

rows="SELECT revision, revises, labels, message, checksum, chain, source, script
	FROM migrate_revision ORDER BY revision"

in_sqlite()
{
	rm -f "$work/x.db"
	sqlite3 -batch -list -init /dev/null -cmd ".load $MIGRATE_SQLITE_MODULE" \
		"$work/x.db" "$1" "$rows" 2>&1
}

in_postgresql()
{
	{
		echo "SET client_min_messages = warning;"
		echo "DROP EXTENSION IF EXISTS migrate CASCADE; CREATE EXTENSION migrate;"
		printf '%s\n' "$1"
		echo "$rows;"
	} | "$MIGRATE_PG_BINDIR/psql" -X -q -A -t 2>&1
}

same()
{
	if [ "$2" = "$3" ] && [ "${#2}" -gt 200 ]; then
		echo "ok pack/$1"
	else
		echo "not ok pack/$1 - the revisions differ"
		diff <(echo "$2") <(echo "$3") | head -n 20
	fi
}

while read -r layout folder; do
	"$pack" "$work/$folder" "$layout" >"$work/pack" ||
		echo "not ok pack/$layout - pack.sh failed"
	same "sqlite-$layout" \
		"$(in_sqlite "SELECT migrate_load('$work/$folder', '$layout');")" \
		"$(in_sqlite "SELECT migrate_add(CAST(readfile('$work/pack') AS text));")"
	[ -n "${PGHOST:-}" ] || continue
	same "postgresql-$layout" \
		"$(in_postgresql "SELECT migrate_load('$work/$folder', '$layout');")" \
		"$(in_postgresql "\\set pack \`$pack '$work/$folder' $layout\`
			SELECT migrate_add(:'pack');")"
done <<END
auto plain
goose goose
golang-migrate golang
flyway odd names, 100%
sqitch sqitch
diesel diesel
prisma prisma
drizzle drizzle
atlas atlas
liquibase liquibase
END

# What was cut or changed on the way.
"$pack" "$work/goose" goose >"$work/pack"
for change in 's/\(file .*\) [0-9]*$/\1 9999/' '$d' 's/\(file .*\) [0-9]*$/\1/' \
	's/\(file .*\) \([0-9]\)\([0-9]*\)$/\1 \2/' '1s/pack goose.*/pack/'; do
	sed "$change" "$work/pack" >"$work/broken"
	got=$(in_sqlite "SELECT migrate_add(CAST(readfile('$work/broken') AS text));")
	case $got in
	*"HINT:  Pack the directory again"*) echo "ok pack/broken $change" ;;
	*)
		echo "not ok pack/broken $change - it was taken"
		echo "$got" | head -n 5
		;;
	esac
done
