#!/usr/bin/env bash
#
# Two sessions that run at the same time: one waits for the other and then
# finds nothing to do, or fails without harm.

set -euo pipefail

pgxs=$("${PG_CONFIG:-pg_config}" --pgxs)
tester=$(dirname "$pgxs")/../test/isolation/isolationtester
if [ ! -x "$tester" ]; then
	echo "skip sessions - there is no isolationtester"
	exit
fi

cat >"$MIGRATE_TMP/spec" <<'END'
setup
{
  SET client_min_messages = warning;
  CREATE EXTENSION migrate;
  SELECT migrate_add(E'-- migrate:revision a\n-- migrate:revises base\n'
    '-- migrate:up\nCREATE TABLE t ();\n-- migrate:down\nDROP TABLE t;');
}
teardown
{
  DROP TABLE IF EXISTS t;
  DROP EXTENSION migrate;
}

session "one"
setup           { SET client_min_messages = warning; }
step "begin1"     { BEGIN; }
step "apply1"     { SELECT migrate_apply(); }
step "add1"       { SELECT migrate_add(E'-- migrate:revision b\n'
                  '-- migrate:revises a\n-- migrate:up\n'); }
step "stamp1"     { SELECT migrate_stamp('a', schema => 'pg_catalog'); }
step "commit1"    { COMMIT; }
step "rollback1"  { ROLLBACK; }

session "two"
setup           { SET client_min_messages = warning; }
step "begin2"     { BEGIN; }
step "repeat2"    { BEGIN ISOLATION LEVEL REPEATABLE READ; }
step "serial2"    { BEGIN ISOLATION LEVEL SERIALIZABLE; }
step "look2"      { SELECT revision, state FROM migrate_status(); }
step "apply2"     { SELECT migrate_apply(); }
step "add2"       { SELECT migrate_add(E'-- migrate:revision b\n'
                  '-- migrate:revises a\n-- migrate:up\n'); }
step "short2"     { SET LOCAL lock_timeout = '1ms'; }
step "stamp2"     { SELECT migrate_stamp('a', schema => 'public'); }
step "applied2"   { SELECT revision FROM migrate_applied; }
step "commit2"    { COMMIT; }

# The second waits, then has nothing to do.
permutation "begin1" "apply1" "apply2" "commit1" "applied2"
# The first gives up: the second does the work.
permutation "begin1" "apply1" "apply2" "rollback1" "applied2"
# An old snapshot cannot apply twice.
permutation "begin1" "repeat2" "look2" "apply1" "apply2" "commit1" "commit2" "applied2"
permutation "repeat2" "look2" "apply1" "apply2" "commit2" "applied2"
permutation "begin1" "serial2" "look2" "apply1" "apply2" "commit1" "commit2" "applied2"
# It waits no longer than the server's own timeout says.
permutation "begin1" "apply1" "begin2" "short2" "apply2" "commit1" "commit2"
# Scripts that arrive meanwhile.
permutation "begin1" "add1" "apply2" "commit1" "applied2"
permutation "begin1" "apply1" "add2" "commit1" "applied2"
permutation "begin1" "add1" "add2" "commit1"
# Other schemas wait for nothing.
permutation "begin1" "stamp1" "stamp2" "commit1" "applied2"
# Looking waits for nothing.
permutation "begin1" "apply1" "look2" "commit1" "look2"
END
"$tester" "dbname=$PGDATABASE" <"$MIGRATE_TMP/spec" \
	>"$MIGRATE_TMP/got" 2>&1 || true

# Widths, blanks and lines about rows differ between versions of the tester.
sed -E 's/[[:blank:]]+/ /g; s/ ?\| ?/|/g; s/ $//; s/^ //
	/^-+(\+-+)*$/d; /^$/d; /^\([0-9]+ rows?\)$/d; /^Parsed /d' \
	"$MIGRATE_TMP/got" >"$MIGRATE_TMP/short"
want=tests/pg/sessions.out
[ -z "${ACCEPT:-}" ] || cp "$MIGRATE_TMP/short" "$want"
diff -u "$want" "$MIGRATE_TMP/short"
