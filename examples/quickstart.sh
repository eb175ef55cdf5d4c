#!/usr/bin/env bash
#
# quickstart.sh - the main job, start to end, with the scripts in examples/app.
#
#     examples/quickstart.sh sqlite        in a new file build/quickstart.db
#     examples/quickstart.sh postgresql    in a server that is thrown away
#
# "make quickstart" and "make quickstart-postgresql" build what this needs.
# Every statement is shown before its result; they are the same in both
# databases, except for how the scripts get there.

set -euo pipefail

cd "$(dirname "$0")/.."
build=${BUILD:-build}
database=${1:-sqlite}

if [ -t 1 ]; then
	bold=$(printf '\033[1m') plain=$(printf '\033[0m')
else
	bold='' plain=''
fi

title()
{
	printf '\n%s-- %s%s\n' "$bold" "$*" "$plain"
}

# show table|text SQL: the statement, then its rows.
show()
{
	printf '%s%s%s\n' "$prompt" "$2" ';'
	run_"$database" "$1" "$2;"
}

begin_sqlite()
{
	prompt='sqlite> '
	module=${MODULE:-$build/sqlite/migrate}
	file=$build/quickstart.db
	mkdir -p "$build"
	rm -f "$file"
	title "Load the extension into a new database, $file"
	printf '%s.load %s\n' "$prompt" "$module"
	show text 'SELECT migrate_version()'
	title "Read the scripts: they are stored in the database, none has run yet"
	show text "SELECT migrate_load('examples/app')"
}

run_sqlite()
{
	local mode=(-box)

	[ "$1" = table ] || mode=(-list -noheader)
	sqlite3 -batch -bail "${mode[@]}" -cmd ".load $module" "$file" "$2"
}

# shellcheck disable=SC2034 # used by its name
tables_sqlite="SELECT name FROM pragma_table_list WHERE type <> 'shadow'
    AND type <> 'view' AND name NOT LIKE 'migrate%'
    AND name NOT LIKE 'sqlite%' ORDER BY name"

# Its rows are left in a temporary table, so both statements are one session's.
rehearse_sqlite()
{
	show table "SELECT migrate_rehearse('head');
SELECT line, statement, elapsed_ms, rows FROM migrate_rehearsal"
}

end_sqlite()
{
	cat <<-END
		The database is $file. Go on with it:

		    sqlite3 $file
		    .load $module
		    SELECT * FROM migrate_log;
		    SELECT migrate_revert('base');

		"make quickstart-postgresql" runs the same scripts on PostgreSQL.
	END
}

begin_postgresql()
{
	prompt='postgres=# '
	server=$(mktemp -d /tmp/mig.XXXXXX)
	trap 'tests/pgserver.sh stop "$server" immediate; rm -rf "$server"' EXIT
	title "A server of our own in $server"
	tests/pgserver.sh start "$server"
	eval "$(tests/pgserver.sh env "$server")"
	title "Create the extension"
	show text 'CREATE EXTENSION migrate'
	show text 'SELECT migrate_version()'
	title "Send the scripts: they are stored in the database, none has run yet"
	printf '%s%s\n' "$prompt" "\\set scripts \`cat examples/app/*.sql\`"
	show text "SELECT migrate_add(:'scripts')"
}

run_postgresql()
{
	local mode=(--pset=border=1 --pset=footer=off)

	[ "$1" = table ] || mode=(-A -t)
	printf '%s\n' "$2" | "$MIGRATE_PG_BINDIR/psql" -X -q "${mode[@]}" \
		-v ON_ERROR_STOP=1 -v scripts="$(cat examples/app/*.sql)" 2>&1 |
		sed '/^$/d'
}

# shellcheck disable=SC2034
tables_postgresql="SELECT tablename FROM pg_tables WHERE schemaname = 'public'
    AND tablename NOT LIKE 'migrate%' ORDER BY tablename"

rehearse_postgresql()
{
	show table "SELECT line, statement, elapsed_ms, rows, locks
    FROM migrate_rehearse('head')"
}

end_postgresql()
{
	cat <<-END
		The server is gone again. To go on with one of your own:

		    make install           (as root: the files go where pg_config says)
		    psql -c 'CREATE EXTENSION migrate'

		"make quickstart" runs the same scripts on SQLite.
	END
}

case $database in
sqlite | postgresql) ;;
*)
	sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
	exit 2
	;;
esac

begin_"$database"

title "What would happen?"
show table 'SELECT step, action, revision, message FROM migrate_plan()'

title "Do it: all of it or nothing. The result is the number of revisions"
show text "SELECT migrate_apply('head')"

title "What is applied?"
show table 'SELECT revision, state, is_head, labels, message FROM migrate_status()'

title "The tables that came of it"
tables=tables_$database
show text "${!tables}"

title "The history, newest first"
show table 'SELECT revision, revises, depends, message FROM migrate_history()'

title "The same as a picture (dot, mermaid and svg are there too)"
show text 'SELECT migrate_graph()'

title "One step back"
show text "SELECT migrate_revert('-1')"
show table "SELECT revision, state, message FROM migrate_status()
    WHERE state <> 'applied'"

title "Rehearse the way forward: really run it, measure it, undo it"
rehearse_"$database"

title "And forward again. Once more does nothing"
show text "SELECT migrate_apply('head')"
show text "SELECT migrate_apply('head')"

title "For CI: an error when anything is pending or changed, else 0"
show text 'SELECT migrate_check()'

title "What next?"
end_"$database"
