# shellcheck shell=bash disable=SC2154 # what tools.sh has
#
# prisma.sh - Prisma, read by tools.sh. Its schema engine comes as a program
# that is fetched from a host of its own, and as WebAssembly in the package:
# the second is used, over a driver adapter.

# prisma_tree FOLDER PROVIDER NAME ...
prisma_tree()
{
	local folder=$1 provider=$2 name

	shift 2
	mkdir -p "$folder/migrations"
	for name in "$@"; do
		mkdir -p "$folder/migrations/$name"
		step "$name" >"$folder/migrations/$name/migration.sql"
	done
	echo "provider = \"$provider\"" >"$folder/migrations/migration_lock.toml"
	printf 'datasource db {\n  provider = "%s"\n  url = "file:./none"\n}\n' \
		"$provider" \
		>"$folder/schema.prisma"
	cat >"$folder/prisma.config.mjs" <<-'END'
		import { createRequire } from 'node:module';
		const need = createRequire(process.env.PRISMA_MODULES + '/');
		const db = process.env.ADOPT_DB;
		// The adapter does not know columns of type name: call them text.
		const { prototype } = need('pg').Result;
		const add = prototype.addFields;
		prototype.addFields = function (fields) {
		  for (const field of fields)
		    if (field.dataTypeID === 19) field.dataTypeID = 25;
		  return add.call(this, fields);
		};
		const adapter = async () => {
		  if (db.endsWith('.db'))
		    return new (need('@prisma/adapter-libsql').PrismaLibSQL)(
		      { url: 'file:' + db });
		  return new (need('@prisma/adapter-pg').PrismaPg)(
		    { host: process.env.PGHOST, user: process.env.PGUSER,
		      port: +process.env.PGPORT, database: db });
		};
		export default { experimental: { adapter: true }, engine: 'js',
		  schema: 'schema.prisma', migrations: { path: 'migrations' }, adapter };
	END
	# A program that is named is not looked for elsewhere; this one never runs.
	: >"$folder/no-engine"
	chmod +x "$folder/no-engine"
}

prisma_do()
{
	(cd "$2" && ADOPT_DB=$1 PRISMA_MODULES=$prisma_modules \
		PRISMA_QUERY_ENGINE_LIBRARY=$2/no-engine \
		PRISMA_SCHEMA_ENGINE_BINARY=$2/no-engine \
		CHECKPOINT_DISABLE=1 PRISMA_HIDE_UPDATE_MESSAGE=1 NO_COLOR=1 \
		timeout 60 "$prisma_modules/.bin/prisma" migrate deploy \
		--config prisma.config.mjs </dev/null)
}

full_prisma()
{
	prisma_do "$1" "$work/prisma_$kind"
}

half_prisma()
{
	prisma_do "$1" "$work/prisma_half_$kind"
}

prisma_story()
{
	# shellcheck disable=SC2086
	prisma_tree "$work/prisma_$1" "$1" $names
	# shellcheck disable=SC2086
	prisma_tree "$work/prisma_half_$1" "$1" $half
	story "$1" prisma "$work/prisma_$1/migrations" auto prisma
}

prisma_stories()
{
	prisma_modules=$(modules prisma prisma@6.19 @prisma/adapter-pg@6.19 \
		@prisma/adapter-libsql@6.19)
	if ! [ -x "$prisma_modules/.bin/prisma" ]; then
		skip prisma "npm could not fetch prisma"
		return
	fi
	prisma_story sqlite
	[ -z "$have_server" ] || prisma_story postgresql
}
