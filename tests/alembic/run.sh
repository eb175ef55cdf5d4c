#!/usr/bin/env bash
#
# run.sh - graph, targets and plans of the core against recorded answers of
# Alembic: tests/alembic_core.py says how.

set -uo pipefail

cd "$(dirname "$0")/../.." || exit 1
exec "${MIGRATE_PYTHON:-python3}" tests/alembic_core.py \
	"${MIGRATE_BUILD:-build}/unit/graph_driver"
