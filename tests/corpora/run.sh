#!/usr/bin/env bash
#
# run.sh - real migration trees, see corpora.py.
#
#     make check SUITES=corpora                   the usual trees
#     make check SUITES=corpora CORPORA=all       all of them
#     make check SUITES=corpora CORPORA="coder-pg mas-pg"
#
# The trees are those of the folder MIGRATE_CORPORA; trees.py lists them.

set -uo pipefail

cd "$(dirname "$0")/../.." || exit 1
corpora=${MIGRATE_CORPORA:-../shared/corpora}
if [ ! -d "$corpora" ]; then
	echo "skip corpora - there is no folder of trees (MIGRATE_CORPORA)"
	exit 0
fi
export PYTHONDONTWRITEBYTECODE=1
# shellcheck disable=SC2086 # names without blanks
exec "${MIGRATE_PYTHON:-python3}" tests/corpora/corpora.py "$corpora" \
	${CORPORA:-}
