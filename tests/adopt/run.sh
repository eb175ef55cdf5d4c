#!/usr/bin/env bash
#
# Taking over other tools' state. Tests are those of tests/parity/run.sh: the
# ones here run in both databases and give the same, those in sqlite/ and
# postgresql/ are for one. tools.sh lets real tools begin and this engine end.

set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
top=$here/../..
work=$MIGRATE_TMP/adopt

# dos FOLDER: some trees once more, in dos/, as a checkout with CRLF has them.
dos()
{
	local file

	mkdir -p "$1/dos"
	cp -R "$1/prisma" "$1/drizzle" "$1/sqlx" "$1/dos"
	find "$1/dos" -name '*.sql' | while read -r file; do
		awk '{ printf "%s\r\n", $0 }' "$file" >"$file.crlf"
		mv "$file.crlf" "$file"
	done
}

# suite DATABASE FOLDER: a folder's tests, with the files of all.
suite()
{
	local dir=$work/$1-$2

	mkdir -p "$dir"
	cp -R "$here/$2/." "$here/files" "$dir" 2>/dev/null
	dos "$dir/files"
	chmod -R a+rX "$work"
	MIGRATE_TMP=$dir PARITY_DIR=$dir "$top/tests/parity/run.sh" "$1" |
		sed "s|^ok |ok $1/|; s|^not ok |not ok $1/|"
	[ -z "${ACCEPT:-}" ] || cp "$dir"/*.out "$here/$2/"
}

mkdir -p "$work"
chmod 777 "$work"
suite sqlite .
suite sqlite sqlite
if [ -n "${PGHOST:-}" ]; then
	suite postgresql .
	suite postgresql postgresql
else
	echo "skip postgresql - there is no server"
fi
for script in "$here"/*.sh; do
	[ "$(basename "$script")" = run.sh ] || bash "$script"
done
exit 0
