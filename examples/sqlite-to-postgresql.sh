#!/usr/bin/env bash
#
# sqlite-to-postgresql.sh - the rows of an SQLite database into a PostgreSQL
# database that the same scripts have made.
#
#     PGDATABASE=app examples/sqlite-to-postgresql.sh app.db
#
# psql finds its server in the environment (PGHOST, PGUSER, ...). The role has
# to be a superuser: foreign keys are not looked at while rows come in, for
# tables may refer to each other. One transaction: all of it or nothing. Rows
# that the scripts themselves have put into a table give way to SQLite's.

set -euo pipefail

file=$1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

lite()
{
	sqlite3 -batch -init /dev/null "$file" "$@"
}

# Names in the sqlite3 shell's and in PostgreSQL's quotes.
quoted()
{
	printf '"%s"' "${1//\"/\"\"}"
}

lite "SELECT name FROM sqlite_master WHERE type = 'table'
	AND name NOT GLOB 'migrate_*' AND name NOT GLOB 'sqlite_*'
	ORDER BY name" >"$tmp/tables"

{
	echo 'BEGIN;'
	echo 'SET LOCAL session_replication_role = replica;'
	# Times without a zone are SQLite's own, in UTC; its text is UTF-8.
	echo "SET LOCAL timezone = 'UTC';"
	echo "SET LOCAL client_encoding = 'UTF8';"
	n=0
	while IFS= read -r table; do
		n=$((n + 1))
		text=${table//\'/\'\'}
		columns=$(lite "SELECT group_concat('\"' || replace(name, '\"', '\"\"')
			|| '\"', ', ') FROM pragma_table_info('$text')")
		# Bytes as PostgreSQL reads them; NULL stays empty, '' becomes "".
		values=$(lite "SELECT group_concat(CASE WHEN type LIKE '%blob%' OR
			type LIKE '%binary%' OR type = 'bytea'
			THEN 'CASE WHEN ' || q || ' IS NOT NULL THEN ''\\x'' || hex(' || q
			|| ') END' ELSE q END, ', ') FROM (SELECT type, '\"' ||
			replace(name, '\"', '\"\"') || '\"' AS q
			FROM pragma_table_info('$text'))")
		lite -csv "SELECT $values FROM $(quoted "$table")" >"$tmp/$n.csv"
		echo "DELETE FROM $(quoted "$table");"
		echo "\\copy $(quoted "$table") ($columns) FROM '$tmp/$n.csv' (FORMAT csv)"
	done <"$tmp/tables"
	cat <<-'SQL'
		DO $$
		DECLARE
		  c record;
		BEGIN
		  FOR c IN
		    SELECT format('%I.%I', table_schema, table_name) AS t,
		           column_name AS n
		      FROM information_schema.columns
		     WHERE table_schema = current_schema()
		       AND pg_get_serial_sequence(format('%I.%I', table_schema,
		             table_name), column_name) IS NOT NULL
		  LOOP
		    EXECUTE format('SELECT setval(%L, max(%I)) FROM %s'
		                   ' HAVING max(%I) IS NOT NULL',
		                   pg_get_serial_sequence(c.t, c.n), c.n, c.t, c.n);
		  END LOOP;
		END $$;
		COMMIT;
	SQL
} >"$tmp/load.sql"
"${MIGRATE_PG_BINDIR:+$MIGRATE_PG_BINDIR/}psql" -X -q -v ON_ERROR_STOP=1 \
	-f "$tmp/load.sql" >/dev/null
echo "$(wc -l <"$tmp/tables" | tr -d ' ') tables"
