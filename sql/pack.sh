#!/bin/sh
#
# pack.sh - a directory of migrations as one text for migrate_add(), when the
# database cannot see the directory.
#
#     migrate-pack DIRECTORY [LAYOUT]
#
#     psql:    \set pack `migrate-pack migrations flyway`
#              SELECT migrate_add(:'pack');
#     sqlite3: .shell migrate-pack migrations > migrations.pack
#              SELECT migrate_add(CAST(readfile('migrations.pack') AS text));
#
# "make install" installs it as migrate-pack; it can be copied anywhere.
#
# LAYOUT is one of migrate_load()'s, and auto when it is left out. Files and
# folders whose names begin with a point are left out, links are not followed.
# Of files that are no text only the names are packed. common/pack.h says what
# the text looks like.

set -eu
LC_ALL=C
export LC_ALL

if [ $# -lt 1 ] || [ $# -gt 2 ] || [ ! -d "$1" ]; then
	echo "usage: ${0##*/} DIRECTORY [LAYOUT]" >&2
	exit 2
fi
path=${1%/}
[ -n "$path" ] || path=/

# A name as one word.
encode()
{
	printf '%s' "$1" | sed 's/%/%25/g; s/ /%20/g; s/,/%2C/g; s/	/%09/g'
}

printf -- '-- migrate:pack %s %s\n' "${2:-auto}" "$(encode "$path")"
cd "$path"
find . -name '.?*' -prune -o -type f -print | sed 's|^\./||' | sort |
	while IFS= read -r file; do
		case $file in
		*.sql | *.SQL | *.Sql | *.py | *.toml | *.conf | *.plan | *.sum | \
			*.json | *.yaml | *.yml | *.xml | *.txt | *.ini)
			size=$(($(wc -c <"$file")))
			;;
		*) size=0 ;;
		esac
		printf -- '-- migrate:file %s %s\n' "$(encode "$file")" "$size"
		[ "$size" -eq 0 ] || cat "$file"
		echo
	done
echo '-- migrate:end'
