#!/usr/bin/env bash
#
# Scripts of migrate_sql run by a plain psql: settings, and values of enums.

set -euo pipefail

bin=$MIGRATE_PG_BINDIR
plan=$MIGRATE_TMP/plan.sql
export PGOPTIONS='-c client_min_messages=warning'

sql()
{
	"$bin/psql" -X -q -A -t -v ON_ERROR_STOP=1 "$@"
}

check()
{
	if [ "$2" = "$3" ]; then
		echo "ok offline $1"
	else
		printf 'not ok offline %s - it printed:\n%s\n' "$1" "$3"
	fi
}

# A value that one revision adds and the next one uses; a search_path that one
# empties; a role that one takes on.
sql <<'END'
CREATE EXTENSION migrate;
CREATE ROLE mig_offline;
SELECT migrate_add($$
-- migrate:revision 1
-- migrate:revises base
-- migrate:up
CREATE TYPE mood AS ENUM ('good');
CREATE TABLE t (m mood);
GRANT ALL ON t TO mig_offline;
-- migrate:revision 2
-- migrate:revises 1
-- migrate:up
ALTER TYPE public . mood ADD VALUE 'bad';
-- migrate:revision 3
-- migrate:revises 2
-- migrate:up
INSERT INTO t VALUES ('bad');
SELECT pg_catalog.set_config('search_path', '', false);
SET ROLE mig_offline;
INSERT INTO public.t VALUES ('good');
-- migrate:revision 4
-- migrate:revises 3
-- migrate:up
ALTER TABLE t ADD n integer;
$$);
END
sql -c "SELECT migrate_sql('heads')" >"$plan"
sql -c 'DROP EXTENSION migrate'
check run "" "$(sql -f "$plan" 2>&1 >/dev/null)"
check "all of it" "bad
good" "$(sql -c 'SELECT m FROM t WHERE n IS NULL ORDER BY m::text')"
check "as whom" "1|t
2|t
3|t
4|t" "$(sql -c 'SELECT revision, applied_by = session_user
	FROM migrate_applied ORDER BY revision')"

# It commits where a value is new, and only there.
check "two transactions" "2" "$(grep -c '^BEGIN;$' "$plan" || true)"
sql <<'END'
DROP TABLE t;
DROP TYPE mood;
DROP EXTENSION migrate;
DROP ROLE mig_offline;
END
