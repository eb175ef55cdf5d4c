#!/usr/bin/env bash
#
# Real tools begin and this engine ends: a tool applies the first half of a
# tree, the tree is loaded, the tool's state adopted and the rest applied; the
# schema must be the one that the tool makes by itself. A tool that is not
# there is skipped, with the reason.
#
#     NODE_MODULES=FOLDER     a node_modules with what is needed of dbmate,
#                             node-pg-migrate, knex, umzug, sequelize, pg,
#                             drizzle-orm, drizzle-kit, prisma, liquibase;
#                             without, npm fetches them into the build folder
#     STORIES="prisma rails"  only these

set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
work=$MIGRATE_TMP/tools
log=${MIGRATE_BUILD:-build}/check/adopt
mkdir -p "$work" "$log"
chmod 777 "$work"

skip()
{
	echo "skip tools/$1 - $2"
}

# modules NAME PACKAGE ...: a node_modules with packages, which are there when
# an earlier run has fetched them. Scripts of packages fetch from elsewhere, so
# none runs.
modules()
{
	local folder

	if [ -n "${NODE_MODULES:-}" ] && [ -d "$NODE_MODULES/$1" ]; then
		echo "$NODE_MODULES"
		return
	fi
	folder=$(cd "$log/../.." && pwd)/npm/$1
	echo "$folder/node_modules"
	shift
	[ "$(cat "$folder/packages" 2>/dev/null)" != "$*" ] || return
	mkdir -p "$folder"
	command -v npm >/dev/null || return
	(cd "$folder" && timeout 240 npm install --prefer-offline --no-audit \
		--no-fund --no-save --ignore-scripts --silent --prefix . "$@" \
		>/dev/null 2>>"$log/npm.log" </dev/null) && echo "$*" >"$folder/packages"
}

wanted()
{
	[ -z "${STORIES:-}" ] || [[ " $STORIES " == *" $1 "* ]]
}

# sql DATABASE TEXT: a database of either kind, by its name.
sql()
{
	case $1 in
	*.db) sqlite3 -batch -list -init /dev/null \
		-cmd ".load $MIGRATE_SQLITE_MODULE" "$1" "$2" ;;
	*) PGOPTIONS='-c client_min_messages=warning' \
		"$MIGRATE_PG_BINDIR/psql" -X -q -A -t -v ON_ERROR_STOP=1 -d "$1" -c "$2" ;;
	esac
}

# An empty database: fresh KIND NAME; its name is in $db.
fresh()
{
	case $1 in
	sqlite)
		db=$work/$2.db
		rm -f "$db" "$work"/sqitch.db
		;;
	postgresql)
		db=adopt_$2
		sql "$PGDATABASE" "DROP DATABASE IF EXISTS $db"
		sql "$PGDATABASE" "CREATE DATABASE $db"
		;;
	esac
}

# The schema but for what tools and this engine keep for themselves.
schema()
{
	local own="'alembic_version','schema_migrations','pgmigrations','knex_migrations','knex_migrations_lock','__drizzle_migrations','gorp_migrations','ar_internal_metadata','_prisma_migrations','DATABASECHANGELOG','DATABASECHANGELOGLOCK'"

	case $1 in
	*.db) sql "$1" "SELECT type, name, sql FROM sqlite_master WHERE tbl_name
		NOT LIKE 'migrate\\_%' ESCAPE '\\' AND tbl_name NOT LIKE 'sqlite\\_%'
		ESCAPE '\\' AND tbl_name NOT IN ($own) ORDER BY 1, 2" ;;
	*) sql "$1" "SELECT c.relname, c.relkind, a.attname,
		format_type(a.atttypid, a.atttypmod), a.attnotnull
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0
		AND NOT a.attisdropped AND c.relname !~ '^(migrate_|knex_|pgmigrations|schema_migrations|alembic_|gorp_migrations|ar_internal_metadata|_prisma_|databasechangelog|SequelizeMeta)'
		ORDER BY 1, a.attnum" ;;
	esac
}

# story KIND NAME TREE LAYOUT TOOL: half_NAME and full_NAME are functions that
# are given a database.
story()
{
	local kind=$1 name=$2 tree=$3 layout=$4 tool=$5 db full half

	fresh "$kind" "${name}_full"
	full=$db
	"full_$name" "$full" >"$log/$name-$kind.log" 2>&1 || {
		skip "$name-$kind" "it does not run: $(tail -n 1 "$log/$name-$kind.log" | cut -c1-100)"
		return
	}
	fresh "$kind" "${name}_half"
	half=$db
	"half_$name" "$half" >>"$log/$name-$kind.log" 2>&1
	chmod -R a+rX "$work"
	{
		case $kind in
		postgresql) sql "$half" "CREATE EXTENSION migrate" ;;
		esac
		sql "$half" "${attach:-}SELECT migrate_load('$tree', '$layout')" &&
			sql "$half" "${attach:-}SELECT * FROM migrate_adopt_plan('$tool')" &&
			sql "$half" "${attach:-}SELECT migrate_adopt('$tool')" >"$log/$name.count" &&
			sql "$half" "SELECT migrate_apply('heads')" >>"$log/$name.count" &&
			sql "$half" "SELECT migrate_check()"
	} >>"$log/$name-$kind.log" 2>&1 || {
		echo "not ok tools/$name-$kind - it could not be taken over"
		tail -n 20 "$log/$name-$kind.log"
		return
	}
	if [ "$(tr '\n' ' ' <"$log/$name.count")" != "2 2 " ]; then
		echo "not ok tools/$name-$kind - $(tr '\n' ' ' <"$log/$name.count")"
	elif [ "$(schema "$full")" != "$(schema "$half")" ]; then
		echo "not ok tools/$name-$kind - the schema is another one"
		diff <(schema "$full") <(schema "$half")
	elif [ -z "$(schema "$full")" ]; then
		echo "not ok tools/$name-$kind - there is no schema"
	else
		echo "ok tools/$name-$kind"
	fi
}

# exported KIND: what migrate_export() gives is a directory for the tool, which
# makes the same schema from it.
exported()
{
	local kind=$1 log=$log/exported-$1.log full

	rm -rf "$work/exported"
	sqlite3 -batch -init /dev/null -cmd ".load $MIGRATE_SQLITE_MODULE" :memory: \
		"SELECT migrate_load('$work/dbmate')" \
		"SELECT writefile('$work/exported/' || name, content)
			FROM migrate_export('dbmate')" >"$log" 2>&1
	fresh "$kind" dbmate_full
	full=$db
	full_dbmate "$full" >>"$log" 2>&1 || return
	fresh "$kind" dbmate_exported
	if ! dbmate_do "$db" "$work/exported" >>"$log" 2>&1; then
		echo "not ok tools/exported-$kind - the tool refuses it"
		tail -n 20 "$log"
	elif [ -n "$(schema "$full")" ] && [ "$(schema "$full")" = "$(schema "$db")" ]; then
		echo "ok tools/exported-$kind"
	else
		echo "not ok tools/exported-$kind - the schema is another one"
		diff <(schema "$full") <(schema "$db")
	fi
}

# The four steps of every tree.
names='20190101000000_authors 20190102000000_books 20190103000000_index 20190104000000_column'
step()
{
	case $1 in
	*authors) echo 'CREATE TABLE authors (id integer PRIMARY KEY, name text NOT NULL);' ;;
	*books) echo 'CREATE TABLE books (id integer PRIMARY KEY, author integer REFERENCES authors (id));' ;;
	*index) echo 'CREATE INDEX books_author ON books (author);' ;;
	*column) echo 'ALTER TABLE books ADD COLUMN title varchar(100);' ;;
	esac
}
undo()
{
	case $1 in
	*authors) echo 'DROP TABLE authors;' ;;
	*books) echo 'DROP TABLE books;' ;;
	*index) echo 'DROP INDEX books_author;' ;;
	*column) echo 'ALTER TABLE books DROP COLUMN title;' ;;
	esac
}
half='20190101000000_authors 20190102000000_books'

# ------------------------------------------------------------------ alembic

python=
for candidate in "${MIGRATE_PYTHON:-python3}" python3 /usr/bin/python3; do
	"$candidate" -c 'import alembic' 2>/dev/null && python=$candidate && break
done

alembic_url()
{
	case $1 in
	*.db) echo "sqlite:///$1" ;;
	*) echo "postgresql+psycopg2://$PGUSER@/$1?host=$PGHOST&port=$PGPORT" ;;
	esac
}

alembic_tree()
{
	local name down=None

	mkdir -p "$work/alembic/versions"
	cat >"$work/alembic/env.py" <<-'END'
		import os
		from alembic import context
		from sqlalchemy import create_engine
		url = os.environ["ADOPT_URL"]
		if context.is_offline_mode():
		    context.configure(url=url, literal_binds=True)
		    with context.begin_transaction():
		        context.run_migrations()
		else:
		    with create_engine(url).connect() as connection:
		        context.configure(connection=connection)
		        with context.begin_transaction():
		            context.run_migrations()
	END
	printf '[alembic]\nscript_location = %s\n' "$work/alembic" >"$work/alembic.ini"
	for name in $names; do
		cat >"$work/alembic/versions/$name.py" <<-END
			"""${name#*_}"""
			from alembic import op
			revision = "r${name%%_*}"
			down_revision = $down
			branch_labels = None
			depends_on = None
			def upgrade():
			    op.execute("""$(step "$name")""")
			def downgrade():
			    op.execute("""$(undo "$name")""")
		END
		down="\"r${name%%_*}\""
	done
}

alembic_do()
{
	local url=$1

	shift
	(cd "$work" && ADOPT_URL=$(alembic_url "$url") PYTHONDONTWRITEBYTECODE=1 \
		"$python" -m alembic.config -c "$work/alembic.ini" "$@")
}

full_alembic()
{
	alembic_do "$1" upgrade head &&
		alembic_do "$1" upgrade base:head --sql >"$work/alembic/upgrade.sql" &&
		alembic_do "$1" downgrade head:base --sql >"$work/alembic/downgrade.sql"
}

half_alembic()
{
	alembic_do "$1" upgrade r20190102000000
}

# ------------------------------------------------------------------- sqitch

# sqitch_tree ENGINE
sqitch_tree()
{
	local name before=

	mkdir -p "$work/sqitch_$1"
	(
		cd "$work/sqitch_$1" || exit 1
		export SQITCH_FULLNAME=Ann SQITCH_EMAIL=ann@example.com
		sqitch init shop --engine "$1" >/dev/null || exit 1
		for name in authors books index column; do
			sqitch add $name ${before:+--requires $before} -n "$name" >/dev/null
			step _$name >deploy/$name.sql
			undo _$name >revert/$name.sql
			echo 'SELECT 1;' >verify/$name.sql
			before=$name
		done
	)
}

sqitch_do()
{
	local engine=sqlite target=$1

	[ "$kind" = sqlite ] || engine=pg
	shift
	(cd "$work/sqitch_$engine" &&
		SQITCH_FULLNAME=Ann SQITCH_EMAIL=ann@example.com \
		sqitch deploy "db:$engine:$target" "$@")
}

full_sqitch()
{
	sqitch_do "$1"
}

half_sqitch()
{
	sqitch_do "$1" --to books
}

sqitch_stories()
{
	if ! command -v sqitch >/dev/null || ! sqitch_tree sqlite; then
		skip sqitch "there is no sqitch"
		return
	fi 2>"$log/sqitch.log"
	attach="ATTACH '$work/sqitch.db' AS sqitch;" \
		story sqlite sqitch "$work/sqitch_sqlite" sqitch sqitch
	[ -n "$have_server" ] || return 0
	if perl -MDBD::Pg -e 1 2>/dev/null && sqitch_tree pg; then
		story postgresql sqitch "$work/sqitch_pg" sqitch sqitch
	else
		skip sqitch-postgresql "perl has no DBD::Pg"
	fi
}

# --------------------------------------------------------------- SQL files

# files FOLDER UP-LINE DOWN-LINE NAME ...
files()
{
	local folder=$1 up=$2 down=$3 name

	shift 3
	mkdir -p "$folder"
	for name in "$@"; do
		{
			echo "$up"
			step "$name"
			echo
			echo "$down"
			undo "$name"
		} >"$folder/$name.sql"
	done
}

dbmate_do()
{
	local url

	case $1 in
	*.db) url=sqlite:$1 ;;
	*) url="postgres://$PGUSER@/$1?socket=$PGHOST&sslmode=disable" ;;
	esac
	"$NODE_MODULES/.bin/dbmate" --url "$url" --migrations-dir "$2" \
		--no-dump-schema up
}

full_dbmate()
{
	dbmate_do "$1" "$work/dbmate"
}

half_dbmate()
{
	dbmate_do "$1" "$work/dbmate_half"
}

node_pg_do()
{
	(cd "$work" && PGDATABASE=$1 NODE_PATH=$NODE_MODULES \
		"$NODE_MODULES/.bin/node-pg-migrate" up $2 -m "$work/node_pg")
}

full_node_pg_migrate()
{
	node_pg_do "$1" 4
}

half_node_pg_migrate()
{
	node_pg_do "$1" 2
}

# --------------------------------------------------------------------- knex

knex_tree()
{
	local name

	mkdir -p "$work/knex" "$work/knex_sql"
	for name in $names; do
		cat >"$work/knex/$name.js" <<-END
			exports.up = (knex) => knex.raw("$(step "$name")");
			exports.down = (knex) => knex.raw("$(undo "$name")");
		END
	done
	files "$work/knex_sql" '-- migrate:up' '-- migrate:down' $names
	cat >"$work/knex.js" <<-'END'
		const knex = require('knex')({
		  client: 'pg',
		  connection: { host: process.env.PGHOST, user: process.env.PGUSER,
		    port: +process.env.PGPORT, database: process.argv[2] },
		  migrations: { directory: process.argv[3] },
		});
		(async () => {
		  for (let i = 0; i < +process.argv[4]; i++) await knex.migrate.up();
		  await knex.destroy();
		})().catch((e) => { console.error(e.message); process.exit(1); });
	END
}

knex_do()
{
	NODE_PATH=$NODE_MODULES node "$work/knex.js" "$1" "$work/knex" "$2"
}

full_knex()
{
	knex_do "$1" 4
}

half_knex()
{
	knex_do "$1" 2
}

# ------------------------------------------------------------------ drizzle

# drizzle_tree FOLDER NAME ...
drizzle_tree()
{
	local folder=$1 name i=0 comma=

	shift
	mkdir -p "$folder/meta"
	{
		printf '{"version": "7", "dialect": "postgresql", "entries": ['
		for name in "$@"; do
			step "$name" >"$folder/000${i}_${name#*_}.sql"
			printf '%s{"idx": %d, "version": "7", "when": %d, "tag": "000%d_%s", "breakpoints": true}' \
				"$comma" $i $((1550000000000 + i * 1000)) $i "${name#*_}"
			comma=', '
			i=$((i + 1))
		done
		echo ']}'
	} >"$folder/meta/_journal.json"
	cat >"$work/drizzle.mjs" <<-'END'
		import { createRequire } from 'node:module';
		const need = createRequire(process.env.NODE_MODULES + '/');
		const { drizzle } = need('drizzle-orm/node-postgres');
		const { migrate } = need('drizzle-orm/node-postgres/migrator');
		const pool = new (need('pg').Pool)({ database: process.argv[2] });
		await migrate(drizzle(pool), { migrationsFolder: process.argv[3] });
		await pool.end();
	END
}

drizzle_do()
{
	NODE_MODULES=$NODE_MODULES node "$work/drizzle.mjs" "$1" "$2"
}

full_drizzle()
{
	drizzle_do "$1" "$work/drizzle"
}

half_drizzle()
{
	drizzle_do "$1" "$work/drizzle_half"
}

# -------------------------------------------------------------------- all

alembic_stories()
{
	if [ -z "$python" ]; then
		skip alembic "python3 has no alembic"
		return
	fi
	alembic_tree
	story sqlite alembic "$work/alembic" alembic alembic
	[ -z "$have_server" ] ||
		story postgresql alembic "$work/alembic" alembic alembic
}

dbmate_stories()
{
	if ! [ -x "$NODE_MODULES/.bin/dbmate" ]; then
		skip dbmate "npm could not fetch dbmate"
		return
	fi
	# shellcheck disable=SC2086
	files "$work/dbmate" '-- migrate:up' '-- migrate:down' $names
	# shellcheck disable=SC2086
	files "$work/dbmate_half" '-- migrate:up' '-- migrate:down' $half
	story sqlite dbmate "$work/dbmate" auto dbmate
	exported sqlite
	[ -z "$have_server" ] || {
		story postgresql dbmate "$work/dbmate" auto dbmate
		exported postgresql
	}
}

node_pg_migrate_stories()
{
	if ! [ -x "$NODE_MODULES/.bin/node-pg-migrate" ]; then
		skip node-pg-migrate "npm could not fetch it"
		return
	fi
	# shellcheck disable=SC2086
	files "$work/node_pg" '-- Up Migration' '-- Down Migration' $names
	story postgresql node_pg_migrate "$work/node_pg" node-pg-migrate \
		node-pg-migrate
}

knex_stories()
{
	if ! [ -d "$NODE_MODULES/knex" ]; then
		skip knex "npm could not fetch knex"
		return
	fi
	knex_tree
	story postgresql knex "$work/knex_sql" auto knex
}

drizzle_stories()
{
	if ! [ -d "$NODE_MODULES/drizzle-orm" ]; then
		skip drizzle "npm could not fetch drizzle-orm"
		return
	fi
	# shellcheck disable=SC2086
	drizzle_tree "$work/drizzle" $names
	# shellcheck disable=SC2086
	drizzle_tree "$work/drizzle_half" $half
	story postgresql drizzle "$work/drizzle" drizzle drizzle
}

for script in "$here"/tools/*.sh; do
	# shellcheck source=/dev/null
	. "$script"
done
have_server=${PGHOST:-}
stories='alembic sqitch sql_migrate rails dbmate prisma liquibase'
[ -z "$have_server" ] ||
	stories="$stories node_pg_migrate knex umzug drizzle drizzle_kit"
NODE_MODULES=$(modules dbmate dbmate node-pg-migrate knex pg umzug sequelize \
	drizzle-orm drizzle-kit)
for name in $stories absent; do
	! wanted "$name" || "${name}_stories"
done
[ -n "$have_server" ] || skip node "there is no server"
exit 0
