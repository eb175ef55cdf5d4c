#!/usr/bin/env bash
#
# A directory that migrate_export() gave, read again with its layout: the same
# up statements by checksum, the same messages, and the same files once more;
# and what it applies is the same schema.

set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
work=$MIGRATE_TMP/roundtrip
mkdir -p "$work"
chmod 777 "$work"

# sql KIND TEXT: one session in an empty database.
sql()
{
	case $1 in
	sqlite)
		rm -f "$work/x.db"
		sqlite3 -batch -list -noheader -init /dev/null \
			-cmd ".load $MIGRATE_SQLITE_MODULE" "$work/x.db" "$2" 2>&1
		;;
	postgresql)
		{
			echo "SET client_min_messages = warning;"
			echo "DROP EXTENSION IF EXISTS migrate CASCADE;"
			echo "DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public;"
			echo "CREATE EXTENSION migrate;"
			printf '%s\n' "$2"
		} | "$MIGRATE_PG_BINDIR/psql" -X -q -A -t 2>&1
		;;
	esac
}

# The files of an export, as one text: a line "==> NAME" before each.
files="SELECT '==> ' || name || chr10 || content FROM migrate_export"
export_of()
{
	local chr="chr(10)"

	[ "$1" = postgresql ] || chr="char(10)"
	sql "$1" "SELECT 'loaded ' || migrate_load('$2', '$3');
		${files/chr10/$chr}('$4');" | sed '/^loaded /d'
}

# Files from such a text.
unpack()
{
	awk -v dir="$1" '
		/^==> / {
			name = dir "/" substr($0, 5)
			folder = name
			sub(/\/[^\/]*$/, "", folder)
			system("mkdir -p \"" folder "\"")
			next
		}
		{ print >name }'
	chmod -R a+rX "$1"
}

facts()
{
	local run
	local schema="SELECT type, name FROM sqlite_master
		WHERE name NOT LIKE 'migrate%' AND name NOT LIKE 'sqlite%' ORDER BY 1, 2"

	[ "$1" = sqlite ] || schema="SELECT relkind, relname FROM pg_class
		WHERE relnamespace = 'public'::regnamespace
		AND relname NOT LIKE 'migrate%' ORDER BY 1, 2;
		SELECT proname FROM pg_proc WHERE proname = 'stamp'"
	[ "$1" = sqlite ] && run="SELECT migrate_run" || run="CALL migrate_run"
	sql "$1" "SELECT 'loaded ' || migrate_load('$2', '$3');
		SELECT $4 FROM migrate_revision ORDER BY position;
		$run('heads'); $schema; $5"
}

compare()
{
	if [ "$2" = "$3" ] && [ "${#2}" -gt 20 ]; then
		echo "ok roundtrip/$1"
	else
		echo "not ok roundtrip/$1 - it came back as something else"
		diff <(echo "$2") <(echo "$3") | head -n 30
	fi
}

# Statements with semicolons in them.
bodies()
{
	mkdir -p "$work/tree"
	cat >"$work/tree/20190101000000_stamps.sql" <<-'SCRIPT'
		-- migrate:up
		CREATE TABLE t (x integer, y text DEFAULT ';''--');
		-- migrate:up dialect:sqlite
		CREATE TRIGGER stamp AFTER INSERT ON t BEGIN
		  UPDATE t SET x = CASE WHEN x > 1 THEN 1 ELSE 0 END;
		  -- done; or so
		  DELETE FROM t WHERE x = 7;
		END;
		-- migrate:up dialect:postgresql
		CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$
		BEGIN
		  -- done; or so

		  RETURN NEW;
		END $$;
		CREATE TRIGGER stamp AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION stamp();
		-- migrate:down dialect:postgresql
		DROP FUNCTION stamp() CASCADE;
		-- migrate:down
		DROP TABLE t;
	SCRIPT
	cat >"$work/tree/20190102000000_rows.sql" <<-'SCRIPT'
		-- migrate:up
		INSERT INTO t (x, y) VALUES (1, '-- a; b
		;'), (2, '${a}');
		-- migrate:down
		DELETE FROM t;
	SCRIPT
}

for kind in sqlite postgresql; do
	[ $kind = sqlite ] || [ -n "${PGHOST:-}" ] || continue
	for tree in plain export bodies; do
		for layout in dbmate golang-migrate goose flyway; do
			read=$layout
			[ $layout != dbmate ] || read=native
			name=$kind-$tree-$layout
			rm -rf "${work:?}/$name" "$work/tree"
			if [ $tree = bodies ]; then
				bodies
			else
				cp -R "$here/files/$tree" "$work/tree"
			fi
			chmod -R a+rX "$work/tree"
			mkdir -p "$work/$name"
			text=$(export_of $kind "$work/tree" native $layout)
			unpack "$work/$name" <<<"$text"
			# A folder for each database is a whole directory.
			from=$work/$name
			if [ -d "$from/$kind" ]; then
				from=$from/$kind
				text=$(awk -v own="==> $kind/" '
					/^==> / { mine = index($0, own) == 1; sub(own, "==> ") }
					mine' <<<"$text")
			fi
			compare "$name" "$text" "$(export_of $kind "$from" $read $layout)"
			# Sections for the other database are in its own folder, and the
			# checksum knows of them.
			sums=transactional
			[ "$from" != "$work/$name" ] || sums='message, checksum'
			back="SELECT migrate_revert('-1');"
			[ $tree != export ] || back= # its last one has no down
			compare "$name-statements" \
				"$(facts $kind "$work/tree" native "$sums" "$back")" \
				"$(facts $kind "$from" $read "$sums" "$back")"
		done
	done
done
