#!/usr/bin/env bash
#
# run.sh - directories of other tools, read in both databases.
#
#     make check SUITES=layouts
#     ACCEPT=1 tests/layouts/run.sh [NAME ...]    write NAME/test.out
#
# tests/layouts/NAME holds test.sql, the expected test.out, and directories as
# a tool of that name has them, which test.sql finds as @dir@/NAME/...
# test.sql is written as the tests of tests/parity are, and has to give the
# same in both databases. In the copy that it reads every file whose name ends
# in .crlf.sql has CRLF line ends and a byte order mark before it, and loses
# ".crlf": editors and git do not keep such bytes.

set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
own=
if [ -z "${MIGRATE_TMP:-}" ]; then
	own=$(mktemp -d)
	chmod 777 "$own"
	trap 'rm -rf "$own"' EXIT
	export MIGRATE_TMP=$own
fi

# A folder of tests as tests/parity/run.sh takes it.
prepare()
{
	local name file

	mkdir -p "$PARITY_DIR/files"
	for name in "$@"; do
		cp "$here/$name/test.sql" "$PARITY_DIR/$name.sql"
		[ ! -f "$here/$name/test.out" ] ||
			cp "$here/$name/test.out" "$PARITY_DIR/$name.out"
		mkdir -p "$PARITY_DIR/files/$name"
		cp -R "$here/$name/." "$PARITY_DIR/files/$name"
		rm -f "$PARITY_DIR/files/$name"/test.{sql,out}
	done
	find "$PARITY_DIR/files" -name '*.crlf.*' | while read -r file; do
		{
			printf '\357\273\277'
			awk '{ printf "%s\r\n", $0 }' "$file"
		} >"${file/.crlf./.}"
		rm "$file"
	done
}

if [ $# = 0 ]; then
	for name in "$here"/*/test.sql; do
		set -- "$@" "$(basename "$(dirname "$name")")"
	done
fi
export PARITY_DIR=$MIGRATE_TMP/layouts
prepare "$@"
for kind in sqlite postgresql; do
	if [ $kind = postgresql ] && [ -z "${PGHOST:-}" ]; then
		echo "skip postgresql - there is no server"
		continue
	fi
	"$here/../parity/run.sh" $kind "$@" |
		sed "s/^\(ok\|not ok\) /&$kind\//"
	# What SQLite gives is what is accepted; the server has to agree.
	[ -z "${ACCEPT:-}" ] || for name in "$@"; do
		cp "$PARITY_DIR/$name.out" "$here/$name/test.out"
	done
	unset ACCEPT
done
