#!/usr/bin/env bash
#
# run.sh - real migration trees, see corpora.py, and share.py for what of them
# can be translated.
#
#     make check SUITES=corpora                   the usual trees
#     make check SUITES=corpora CORPORA=all       all of them
#     make check SUITES=corpora CORPORA="coder-pg mas-pg"
#     make check SUITES=corpora SHARE=1           only share.py
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
python=${MIGRATE_PYTHON:-python3}
failed=0
case ${CORPORA:-all} in
all) "$python" tests/corpora/share.py "$corpora" || failed=1 ;;
esac
if [ -z "${SHARE:-}" ]; then
	# shellcheck disable=SC2086 # names without blanks
	"$python" tests/corpora/corpora.py "$corpora" ${CORPORA:-} || failed=1
fi
exit $failed
