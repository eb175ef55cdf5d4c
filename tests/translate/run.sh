#!/usr/bin/env bash
#
# run.sh - every output of the catalogue, run on the database it is for.
#
# A case's output runs behind its "+" lines, in an empty database (SQLite) or
# a transaction that is taken back (PostgreSQL). What the host is to do with
# a table (lines that begin with "--") is left out here.
#
# And every word of common/keywords.c, asked of the databases themselves.

set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
tmp=${MIGRATE_TMP:-$(mktemp -d)}
failed=0

# Write each case of a catalogue to a file NNN.sql, its name on the first line.
cases()
{
	mkdir -p "$tmp/$1"
	awk -v dir="$tmp/$1" '
		function finish() {
			if (name != "" && output != "" && !error) {
				file = sprintf("%s/%03d.sql", dir, ++n)
				printf "-- %s\n%s%s;\n", name, setup, output > file
				close(file)
			}
			setup = input = output = name = ""
			error = 0
		}
		/^\[/ { finish(); name = $0; next }
		/^\+ / { setup = setup substr($0, 3) ";\n" }
		/^< / { input = input substr($0, 3) "\n" }
		/^> / { output = output substr($0, 3) "\n" }
		/^=$/ { output = input }
		/^! / { error = 1 }
		END { finish() }' "$here/$1.txt"
}

verdict()
{
	if [ -z "$2" ]; then
		echo "ok $1"
	else
		echo "not ok $1 - $2"
		failed=1
	fi
}

# Words of https://sqlite.org/lang_keywords.html that are no keywords in
# PostgreSQL; those that are, pg_get_keywords() has.
lite_words=(autoincrement database exclusive fail glob ignore indexed plan
	pragma query raise regexp)

# The words that SQLite takes as the name of a column.
taken()
{
	local word

	for word in "$@"; do
		echo "CREATE TABLE \"$word\" ($word int);"
	done | sqlite3 -batch :memory: -cmd '.read /dev/stdin' \
		'SELECT name FROM sqlite_master ORDER BY 1' 2>/dev/null
}

# What common/keywords.c has to say: a word that one of them takes and the
# other one does not. A word that this server does not know yet is no matter.
keywords()
{
	local words codes
	local -x LC_ALL=C

	codes=$(psql -X -A -t -F ' ' -c \
		'SELECT word, catcode FROM pg_get_keywords()')
	codes+=$(printf '\n%s U' "${lite_words[@]}")
	words=$(cut -d ' ' -f 1 <<<"$codes")
	# shellcheck disable=SC2086
	taken $words >"$tmp/taken"
	{
		grep ' [RT]$' <<<"$codes" | cut -d ' ' -f 1 | sort >"$tmp/reserved"
		grep -Fx -f "$tmp/taken" "$tmp/reserved" | sed 's/$/ PG/'
		sort <<<"$words" | grep -Fxv -f "$tmp/reserved" |
			grep -Fxv -f "$tmp/taken" | sed 's/$/ LITE/'
	} | sort >"$tmp/wanted"
	sed -n 's/^\t{"\([a-z_]*\)", \([A-Z]*\), MIG_K_.*/\1 \2/p' \
		"$here/../../common/keywords.c" >"$tmp/listed"
	verdict "keywords are sorted" "$(sort -C "$tmp/listed" || echo 'they are not')"
	verdict "keywords" "$(grep -Fw -f <(echo "$words") "$tmp/listed" |
		diff "$tmp/wanted" - | grep '^[<>]')"
}

cases sqlite
for file in "$tmp"/sqlite/*.sql; do
	verdict "sqlite $(head -n 1 "$file" | cut -c 4-)" \
		"$(sqlite3 -batch -bail :memory: <"$file" 2>&1 >/dev/null)"
done

if [ -z "${PGHOST:-}" ]; then
	echo "skip postgresql - there is no server"
	exit $failed
fi
cases postgresql
for file in "$tmp"/postgresql/*.sql; do
	verdict "postgresql $(head -n 1 "$file" | cut -c 4-)" \
		"$({
			echo 'BEGIN;'
			cat "$file"
			echo 'ROLLBACK;'
		} | PGOPTIONS='-c client_min_messages=warning' psql -X -q \
			-v ON_ERROR_STOP=1 2>&1 >/dev/null)"
done
keywords
exit $failed
