#!/usr/bin/env bash
#
# run.sh - graph, targets and plans against recorded answers of Alembic: the
# core by itself (tests/alembic_core.py), then the whole engine through SQL in
# each database (alembic_sql.py). CASES names a file with more cases.

set -uo pipefail

cd "$(dirname "$0")/../.." || exit 1
python=${MIGRATE_PYTHON:-python3}
cases=${CASES:-tests/alembic/cases-part.jsonl.gz}

if out=$("$python" tests/alembic_core.py \
	"${MIGRATE_BUILD:-build}/unit/graph_driver" "$cases"); then
	echo "ok alembic-core"
else
	echo "not ok alembic-core - cases disagree"
fi
echo "$out" | sed 's/^/# /'

"$python" tests/alembic/alembic_sql.py sqlite \
	"${MIGRATE_SQLITE_MODULE:-build/sqlite/migrate}" "$cases"
if [ -n "${PGHOST:-}" ]; then
	"$python" tests/alembic/alembic_sql.py postgresql "" "$cases"
else
	echo "skip alembic-postgresql - there is no server"
fi
