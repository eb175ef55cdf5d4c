# shellcheck shell=bash disable=SC2154 # what tools.sh has
#
# others.sh - sql-migrate, Active Record, umzug and drizzle-kit, read by
# tools.sh.

# -------------------------------------------------------------- sql-migrate

sql_migrate_do()
{
	local dialect=postgres source

	case $1 in
	*.db) dialect=sqlite3 source=$1 ;;
	*) source="dbname=$1 host=$PGHOST port=$PGPORT user=$PGUSER sslmode=disable" ;;
	esac
	printf 'development:\n  dialect: %s\n  datasource: %s\n  dir: %s\n' \
		"$dialect" "$source" "$work/sql_migrate" >"$work/sql-migrate.yml"
	sql-migrate up -config="$work/sql-migrate.yml" -limit="$2"
}

full_sql_migrate()
{
	sql_migrate_do "$1" 0
}

half_sql_migrate()
{
	sql_migrate_do "$1" 2
}

sql_migrate_stories()
{
	if ! command -v sql-migrate >/dev/null; then
		skip sql-migrate "there is no sql-migrate"
		return
	fi
	# shellcheck disable=SC2086
	files "$work/sql_migrate" '-- +migrate Up' '-- +migrate Down' $names
	story sqlite sql_migrate "$work/sql_migrate" auto sql-migrate
	[ -z "$have_server" ] ||
		story postgresql sql_migrate "$work/sql_migrate" auto sql-migrate
}

# ------------------------------------------------------------ Active Record

rails_tree()
{
	local name title

	mkdir -p "$work/rails"
	for name in $names; do
		title=${name#*_}
		cat >"$work/rails/$name.rb" <<-END
			class ${title^} < ActiveRecord::Migration[5.2]
			  def up; execute "$(step "$name")"; end
			  def down; execute "$(undo "$name")"; end
			end
		END
	done
	# shellcheck disable=SC2086
	files "$work/rails_sql" '-- migrate:up' '-- migrate:down' $names
	cat >"$work/rails.rb" <<-'END'
		require 'logger'
		require 'active_record'
		database, folder, version = ARGV
		where = { adapter: 'sqlite3', database: database }
		unless database.end_with?('.db')
		  where = { adapter: 'postgresql', database: database,
		    host: ENV['PGHOST'], port: ENV['PGPORT'], username: ENV['PGUSER'] }
		end
		ActiveRecord::Base.establish_connection(where)
		ActiveRecord::MigrationContext.new(folder,
		  ActiveRecord::SchemaMigration).migrate(version && version.to_i)
	END
}

rails_do()
{
	/usr/bin/ruby "$work/rails.rb" "$1" "$work/rails" ${2:+"$2"}
}

full_rails()
{
	rails_do "$1"
}

half_rails()
{
	rails_do "$1" 20190102000000
}

rails_stories()
{
	if ! /usr/bin/ruby -e "require 'logger'; require 'active_record'" \
		2>/dev/null; then
		skip rails "ruby has no active_record"
		return
	fi
	rails_tree
	story sqlite rails "$work/rails_sql" auto rails
	[ -z "$have_server" ] ||
		story postgresql rails "$work/rails_sql" auto rails
}

# -------------------------------------------------------------------- umzug

umzug_tree()
{
	local name

	mkdir -p "$work/umzug"
	for name in $names; do
		cat >"$work/umzug/$name.js" <<-END
			exports.up = ({ context }) => context.query("$(step "$name")");
		END
	done
	# shellcheck disable=SC2086
	files "$work/umzug_sql" '-- migrate:up' '-- migrate:down' $names
	cat >"$work/umzug.js" <<-'END'
		const { createRequire } = require('node:module');
		const need = createRequire(process.env.NODE_MODULES + '/');
		const { Umzug, SequelizeStorage } = need('umzug');
		const { Sequelize } = need('sequelize');
		const [database, folder, to] = process.argv.slice(2);
		const sequelize = new Sequelize(database, process.env.PGUSER, '',
		  { dialect: 'postgres', host: process.env.PGHOST,
		    port: +process.env.PGPORT });
		new Umzug({
		  migrations: { glob: folder + '/*.js' }, logger: undefined,
		  context: sequelize, storage: new SequelizeStorage({ sequelize }),
		}).up(to ? { to } : {}).then(() => sequelize.close())
		  .catch((e) => { console.error(e.message); process.exit(1); });
	END
}

umzug_do()
{
	NODE_MODULES=$NODE_MODULES node "$work/umzug.js" "$1" "$work/umzug" \
		${2:+"$2"}
}

full_umzug()
{
	umzug_do "$1"
}

half_umzug()
{
	umzug_do "$1" 20190102000000_books.js
}

umzug_stories()
{
	if ! [ -d "$NODE_MODULES/umzug" ]; then
		skip umzug "npm could not fetch umzug"
		return
	fi
	umzug_tree
	story postgresql umzug "$work/umzug_sql" auto umzug
}

# -------------------------------------------------------------- drizzle-kit

drizzle_kit_do()
{
	cat >"$work/drizzle.config.json" <<-END
		{"dialect": "postgresql", "out": "$2", "dbCredentials":
		 {"url": "postgres://$PGUSER@/$1?host=$PGHOST&port=$PGPORT"}}
	END
	(cd "$work" && timeout 60 "$NODE_MODULES/.bin/drizzle-kit" migrate \
		--config drizzle.config.json </dev/null)
}

full_drizzle_kit()
{
	drizzle_kit_do "$1" ./drizzle
}

half_drizzle_kit()
{
	drizzle_kit_do "$1" ./drizzle_half
}

drizzle_kit_stories()
{
	if ! [ -x "$NODE_MODULES/.bin/drizzle-kit" ]; then
		skip drizzle-kit "npm could not fetch drizzle-kit"
		return
	fi
	# shellcheck disable=SC2086
	drizzle_tree "$work/drizzle" $names
	# shellcheck disable=SC2086
	drizzle_tree "$work/drizzle_half" $half
	ln -sfn "$NODE_MODULES" "$work/node_modules"
	story postgresql drizzle_kit "$work/drizzle" drizzle drizzle
}

# Neither Debian nor npm has them.
absent_stories()
{
	local tool

	for tool in goose golang-migrate atlas flyway diesel sqlx refinery; do
		skip "$tool" "neither Debian nor npm has it"
	done
}
