#!/usr/bin/env bash
#
# run.sh - revision graphs of real projects in both databases, see graphs.py.
# They are those of the folder MIGRATE_CORPORA/graphs.

set -uo pipefail

cd "$(dirname "$0")/../.." || exit 1
folder=${MIGRATE_CORPORA:-../shared/corpora}/graphs
if [ ! -d "$folder" ]; then
	echo "skip graphs - there is no folder of graphs (MIGRATE_CORPORA)"
	exit 0
fi
export PYTHONDONTWRITEBYTECODE=1
exec "${MIGRATE_PYTHON:-python3}" tests/graphs/graphs.py "$folder"
