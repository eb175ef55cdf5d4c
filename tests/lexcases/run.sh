#!/usr/bin/env bash
#
# run.sh - the splitter against another splitter's cases: scripts NAME.sql,
# with the statements that are to come out in NAME.sql.golden, a line
# "-- end --" between two of them.
#
# They are those of the folder MIGRATE_CORPORA/atlas-lex. Cases for other
# databases and for client commands of other tools are left out.

set -uo pipefail

cd "$(dirname "$0")/../.." || exit 1
folder=${MIGRATE_CORPORA:-../shared/corpora}/atlas-lex
build=${MIGRATE_BUILD:-build}
tmp=${MIGRATE_TMP:?}
split=$tmp/split_print

# A case and the databases whose rules it follows.
cases()
{
	cat <<-END
		lex/1 sqlite
		lex/15_dollar_quote postgresql
		lex/16_begin_atomic postgresql
		lex/17_paren postgresql sqlite
		lex/18_pg_expr postgresql sqlite
		lexescaped/2.pg postgresql
		lexgroup/1_trigger sqlite
	END
}

# What neither database reads as the other splitter does, left out on both
# sides: comments that begin with #, and a trigger at the end whose body nests
# BEGIN.
common()
{
	sed 's/\r$//; /^#/d; /^CREATE TRIGGER errorHandlingTrigger/,$d' "$1"
}

# Without the semicolons, which statements of ours leave out.
wanted()
{
	common "$1" | awk '
		/^-- end --$/ { sub(/;[ \t]*$/, "", last) }
		NR > 1 { print last }
		{ last = $0 }
		END {
			sub(/;[ \t]*$/, "", last)
			if (last != "-- end --")
				print last
		}'
}

if [ ! -d "$folder" ]; then
	echo "skip lexcases - there is no folder of cases (MIGRATE_CORPORA)"
	exit 0
fi
if ! "${CC:-cc}" -std=c11 -Wall -Wextra -Icommon -o "$split" \
	tests/lexcases/split_print.c "$build/core/libmigcore.a"; then
	echo "not ok lexcases - the program does not compile"
	exit 1
fi

while read -r name databases; do
	for database in $databases; do
		file=$folder/$name.sql
		common "$file" | "$split" "$database" >"$tmp/got" 2>&1
		wanted "$file.golden" >"$tmp/wanted"
		if diff -u "$tmp/wanted" "$tmp/got" >"$tmp/diff"; then
			echo "ok $name/$database"
		else
			echo "not ok $name/$database - other statements"
			cat "$tmp/diff"
		fi
	done
done < <(cases)
