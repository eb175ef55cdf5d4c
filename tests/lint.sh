#!/usr/bin/env bash
#
# lint.sh - what can be said about the tree without running it.
#
#     tests/lint.sh [RULE ...]       names of rules; none: all
#
# Each rule is a function rule_NAME that prints what offends it, one place a
# line, and nothing when all is well; or, after "skip:", why it cannot look.

set -uo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top" || exit 1
build=${MIGRATE_BUILD:-$top/build}/lint
mkdir -p "$build"

# The files of the project, new ones included.
if git rev-parse --git-dir >/dev/null 2>&1; then
	mapfile -t all < <(git ls-files -co --exclude-standard | sort)
else
	mapfile -t all < <(find . -type f -not -path './build/*' | cut -c 3- | sort)
fi
existing=()
for file in "${all[@]}"; do
	[ ! -f "$file" ] || existing+=("$file")
done

# Those whose path matches an extended regular expression, one a line.
files()
{
	printf '%s\n' "${existing[@]}" | grep -E "$1"
}

code='^(common|pg_ext|sqlite_ext)/.*\.[ch]$'
any_c='^(common|pg_ext|sqlite_ext|tests|bench)/.*\.[ch]$'
scripts='\.sh$|^\.ci/'

rule_format()
{
	local version

	version=$(clang-format --version 2>/dev/null |
		sed 's/.*version \([0-9]*\).*/\1/')
	if [ "$version" != 14 ]; then
		echo "skip: the layout is that of clang-format 14, here is" \
			"${version:-none}"
		return
	fi
	files "$any_c" | xargs -r clang-format --dry-run -Werror 2>&1 |
		grep 'error:'
}

# Everything builds without a warning, under two compilers.
compile()
{
	local log=$build/$1.log

	if ! command -v "$1" >/dev/null; then
		echo "skip: there is no $1"
		return
	fi
	"${MAKE:-make}" -k --no-print-directory CI=true CC="$1" CFLAGS='-O2 -g' \
		SAN=-O1 BUILD="$build/$1" all build-unit build-drivers \
		>"$log" 2>&1 ||
		grep -E '(error|warning): |\*\*\*|undefined reference' "$log"
}

# Parts of that build, for the rules that look into them.
build_again()
{
	"${MAKE:-make}" -s --no-print-directory CI=true CC=gcc CFLAGS='-O2 -g' \
		BUILD="$build/gcc" "$1" >/dev/null 2>&1 ||
		echo "it does not build: see the rule gcc" >&2
}

archive()
{
	build_again core
	printf '%s' "$build/gcc/core/libmigcore.a"
}

rule_gcc()
{
	compile gcc
}

rule_clang()
{
	compile clang
}

# The SQLite module builds for Windows.
rule_windows()
{
	local log=$build/windows.log cc=x86_64-w64-mingw32-gcc

	if ! command -v "$cc" >/dev/null; then
		echo "skip: there is no $cc"
		return
	fi
	"${MAKE:-make}" -s --no-print-directory BUILD="$build/windows" CI=true \
		WINDOWS_CC="$cc" windows >"$log" 2>&1 ||
		grep -E ' (error|warning): ' "$log" || tail -n 5 "$log"
}

# What "make dist" packs builds by itself.
rule_dist()
{
	local dir=$build/dist log=$build/dist.log tree

	if ! git rev-parse --verify -q HEAD >/dev/null 2>&1; then
		echo "skip: this is no git repository"
		return
	elif ! command -v python3 >/dev/null; then
		echo "skip: there is no python3 to unpack it"
		return
	fi
	rm -rf "$dir"
	"${MAKE:-make}" -s --no-print-directory BUILD="$dir" dist >"$log" 2>&1 &&
		python3 -m zipfile -e "$dir"/migrate-*.zip "$dir/tree" >>"$log" 2>&1 || {
		tail -n 5 "$log"
		return
	}
	tree=$(echo "$dir"/tree/migrate-*)
	"${MAKE:-make}" -s --no-print-directory -C "$tree" CFLAGS=-O0 BUILD=build \
		all >>"$log" 2>&1 || tail -n 5 "$log"
	[ -f "$tree/META.json" ] && [ -f "$tree/README.md" ] ||
		echo "META.json or README.md is not at its top"
}

# The core knows neither database nor operating system.
rule_core_headers()
{
	files '^common/' | xargs -r grep -nE \
		'#[[:space:]]*include[[:space:]]*[<"](postgres|fmgr|sqlite3|executor/|utils/|access/|catalog/|storage/|unistd|sys/|windows|pthread)'
}

# Its objects call nothing that allocates, prints or ends the process.
rule_core_calls()
{
	nm -uA "$(archive)" 2>&1 | awk '
		/No such file/ { print }
		$NF ~ /^(malloc|calloc|realloc|free|strdup|printf|fprintf|puts|fopen|exit|abort|getenv|qsort|setlocale|pthread_.*|sqlite3_.*|pg_.*|palloc|elog|errstart.*)$/ {
			print $1, $NF
		}'
}

# Every name that the core exports begins with mig_: two modules in one
# server share their names.
rule_core_names()
{
	nm -A --defined-only "$(archive)" | awk '
		$(NF - 1) ~ /^[A-Z]$/ && $NF !~ /^mig_/ { print $1, $NF }'
}

# Nothing in it can be written to.
rule_core_globals()
{
	nm -A -f sysv --defined-only "$(archive)" | awk -F '|' '
		$7 ~ /^\.(data|bss)$/ || $3 ~ /C/ { print $1 }'
}

# The SQLite module shows its entry point only.
rule_module_names()
{
	build_again sqlite
	[ -f "$build/gcc/sqlite/migrate.so" ] || return
	nm -D --defined-only "$build/gcc/sqlite/migrate.so" | awk '
		$NF != "sqlite3_migrate_init" { print $NF }'
}

# Bindings include the core, never the other way round, and each other never.
# (sqlite_sql.h is made from sql/.)
rule_layers()
{
	files '^common/' | xargs -r grep -nE \
		'#[[:space:]]*include[[:space:]]*"[^"]*(pg_ext|sqlite_ext|pg_|sqlite_|\.\./)' |
		grep -vF '"sqlite_sql.h"'
	files '^pg_ext/' | xargs -r grep -nE '#.*include.*sqlite'
	files '^sqlite_ext/' | xargs -r grep -nE '#.*include.*(pg_ext|postgres)'
}

# The core's modules are layers: their includes run in no circle.
rule_cycles()
{
	files '^common/.*\.h$' | xargs -r grep -oE '#include "[^"]+"' |
		sed -E 's|common/([^:]+):#include "([^"]+)"|\1 \2|' |
		{ tsort >/dev/null; } 2>&1
}

rule_private_first()
{
	local file first

	for file in $(files '^common/.*\.c$'); do
		first=$(grep -m 1 '#include "' "$file")
		[ "$first" = '#include "private.h"' ] || echo "$file: $first"
	done
}

rule_function_length()
{
	files "$any_c" | xargs -r awk '
		FNR == 1 { start = 0 }
		/^\{/ { start = FNR }
		/^\}/ {
			if (start && FNR - start > 80)
				printf "%s:%d: %d lines\n", FILENAME, start, FNR - start
			start = 0
		}'
}

rule_file_length()
{
	local file

	for file in $(files "$any_c"); do
		[ "$(wc -l <"$file")" -le 700 ] ||
			echo "$file: $(wc -l <"$file") lines"
	done
}

rule_lines()
{
	files "$any_c|$scripts|\.md$|\.sql$|(^|/)Makefile$|\.control(\.in)?$" |
		grep -vE '^tests/(adopt/tools|cases|fuzz/corpus|layouts|parity|pg|sqlite)/' |
		xargs -r grep -nE '[[:blank:]]+$' | cut -c 1-120
	files "$any_c|$scripts" | xargs -r grep -lP '\r' /dev/null
}

rule_unfinished()
{
	files "$code|^sql/|$scripts|^docs/" | grep -v '^tests/lint\.sh$' |
		xargs -r grep -nE 'TODO|FIXME|\bXXX\b|HACK|not implemented|unimplemented|for now'
}

# The version is written in META.json alone.
rule_version()
{
	local version

	version=$(sed -n '/"version"/{s/.*: *"\([^"]*\)".*/\1/p;q;}' META.json)
	files '^(common|pg_ext|sqlite_ext|sql|tools|tests|examples)/|^Makefile$' |
		grep -vE '^sql/migrate--|^tests/fuzz/corpus/' |
		xargs -r grep -nF "$version"
	[ "$(grep -c "\"$version\"" META.json)" = 2 ] ||
		echo "META.json: the two versions in it differ"
	grep -q "^## $version " CHANGELOG.md ||
		echo "CHANGELOG.md: there is nothing about $version"
}

# Names in the core's table of functions.
core_functions()
{
	sed -n 's/^\t\t"\(migrate_[a-z_]*\)", .*/\1/p' common/function.c
}

# Names of all functions and procedures of SQL.
functions()
{
	{
		files '^sql/migrate\.sql$' | xargs -r grep -hoiE \
			'create (or replace )?(function|procedure) +[a-z_@.]*migrate_[a-z_]+'
		core_functions
	} | grep -oE 'migrate_[a-z_]+' | sort -u
}

rule_documented()
{
	local name

	for name in $(functions); do
		grep -rqsw "$name" docs README.md || echo "$name: in no page of docs/"
	done
}

# The reference has a chapter for each function, with its arguments and
# columns, and names each directive and setting.
rule_reference()
{
	local page=docs/reference.md name

	for name in $(functions); do
		grep -qx "#### $name" "$page" || echo "$name: has no heading in $page"
	done
	for name in $(sed -n 's/^#### \(migrate_[a-z_]*\)$/\1/p' "$page"); do
		functions | grep -qx "$name" || echo "$page: there is no $name"
	done
	awk '
		FNR == NR {
			if (/^#/)
				chapter = $2
			text[chapter] = text[chapter] " " $0
			next
		}
		/^\t\t"migrate_/ { name = $1; gsub(/[",]/, "", name) }
		/^\t\t?[ {]*(TEXT|BOOL|COL_|\{")|^\t\t \{"|^\t\t "/ {
			for (line = $0; match(line, /\("[a-z_]+"|\{"[a-z_]+"/);) {
				word = substr(line, RSTART + 2, RLENGTH - 3)
				line = substr(line, RSTART + RLENGTH)
				if (text[name] !~ "(^|[^a-z_])" word "([^a-z_]|$)")
					printf "%s: its chapter does not name %s\n", name, word
			}
		}' "$page" common/function.c
	for name in $(sed -n 's/^\t\[MIG_D_[A-Z]*\] = "\([a-z]*\)",$/\1/p' \
		common/directive.c); do
		grep -qE "^\| \`$name\`" "$page" || echo "$page: no directive $name"
	done
	for name in $(cat common/*.c pg_ext/*.c sqlite_ext/*.c | tr -s '\n\t ' ' ' |
		grep -oE '[ (>]([a-z]+_)?setting(_number|_arg)?\([^;"]*"[A-Za-z_.]+"|"flyway\.[A-Za-z]+"' |
		sed 's/.*"\(.*\)"/\1/' | sort -u); do
		grep -qE "^\| \`$name" "$page" || echo "$page: no setting $name"
	done
}

rule_tested()
{
	local name

	for name in $(functions); do
		grep -rqsw --include='*.sql' --include='*.sh' --include='*.py' \
			"$name" tests || echo "$name: in no test"
	done
}

# Both databases have the same functions.
rule_same_functions()
{
	[ -f sql/migrate.sql ] || return
	[ "$(core_functions | wc -l)" -gt 20 ] || echo "common/function.c: no names"
	diff <(core_functions | sort -u) \
		<(grep -hoiE '(function|procedure) +[a-z_@.]*migrate_[a-z_]+' \
			sql/migrate.sql | grep -oE 'migrate_[a-z_]+' | sort -u) |
		sed -n 's/^< \(.*\)/\1: not in sql\/migrate.sql/p'
}

# Every table of unit tests is run.
rule_unit_suites()
{
	local name

	for name in $(files '^tests/unit/test_' | xargs -r sed -n \
		's/^const UnitTest \(unit_[a-z_]*\)\[\].*/\1/p'); do
		grep -qw "$name" tests/unit/unit.c || echo "$name: not in unit.c"
	done
}

# Nothing of the machine that a file was written on.
rule_machine()
{
	files . | xargs -r grep -nIE '/(home|Users)/[a-z]+/|(^|[^a-z])/root/' |
		grep -v '^tests/lint\.sh:' | cut -c 1-160
	if [ "$(dirname "$top")" != / ] && [ "$(dirname "$top")" != /tmp ]; then
		files . | xargs -r grep -nIF "$(dirname "$top")/" | cut -c 1-160
	fi
}

rule_shell()
{
	local file

	for file in $(files "$scripts"); do
		bash -n "$file" 2>&1
	done
	for file in $(files '/run\.sh$|^(tests|tools|examples)/[^/]*\.sh$|^\.ci/'); do
		[ -x "$file" ] || echo "$file: is not executable"
	done
	command -v shellcheck >/dev/null || return
	files "$scripts" | xargs -r shellcheck -S warning -f gcc
}

# Links between the pages lead somewhere.
rule_links()
{
	local file link

	for file in $(files '\.md$'); do
		for link in $(grep -oE '\]\([^)# ]+' "$file" | cut -c 3- |
			grep -v '^[a-z]*:'); do
			[ -e "$(dirname "$file")/$link" ] ||
				echo "$file: there is no $link"
		done
	done
}

# So do those to a heading.
rule_anchors()
{
	local file link page

	for file in $(files '\.md$'); do
		for link in $(grep -oE '\]\([^): ]*#[^) ]+' "$file" | cut -c 3-); do
			page=${link%%#*}
			page=${page:+$(dirname "$file")/$page}
			page=${page:-$file}
			[ -f "$page" ] || continue
			sed -n 's/^##* //p' "$page" | tr '[:upper:]' '[:lower:]' |
				sed 's/[^a-z0-9 _-]//g; s/ /-/g' |
				grep -qxF -- "${link#*#}" || echo "$file: there is no $link"
		done
	done
}

rules=("$@")
[ $# -gt 0 ] || mapfile -t rules < <(
	sed -n 's/^rule_\([a-z_]*\)()$/\1/p' tests/lint.sh)

status=0
for rule in "${rules[@]}"; do
	found=$("rule_$rule" 2>&1)
	case $found in
	'') echo "ok lint/$rule" ;;
	'skip: '*) echo "skip lint/$rule - ${found#skip: }" ;;
	*)
		echo "not ok lint/$rule - $(wc -l <<<"$found") places"
		head -n 40 <<<"$found" | sed 's/^/    /'
		status=1
		;;
	esac
done
exit $status
