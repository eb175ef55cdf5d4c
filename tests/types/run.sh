#!/usr/bin/env bash
#
# run.sh - types, with PostgreSQL as the judge; and the manual's table.
#
# judge.py puts values into SQLite, reads what migrate_type_check() says of
# them, and gives them to the server. manual.py compares docs/types.md with
# what migrate_types() answers.

set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
python=${MIGRATE_PYTHON:-python3}
failed=0

"$python" "$here/judge.py" || failed=1
"$python" "$here/manual.py" "$here/../../docs/types.md" || failed=1
exit $failed
