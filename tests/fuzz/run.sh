#!/usr/bin/env bash
#
# run.sh - run each fuzz target for a bounded number of inputs.
#
#     tests/fuzz/run.sh [TARGET ...]       fuzz_lex, ...; none: all
#     RUNS=1000000 tests/fuzz/run.sh fuzz_split
#
# A target is a file fuzz_NAME.c with libFuzzer's entry, its first inputs are
# corpus/NAME/*. The seed is fixed, so that a run repeats; SEED changes it. An
# input that fails is kept in the build folder and named.

set -uo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$top" || exit 1
out=${MIGRATE_BUILD:-$top/build}/fuzz
runs=${RUNS:-10000}
clang=${CLANG:-clang}
targets=("$@")
if [ $# -eq 0 ]; then
	for source in tests/fuzz/fuzz_*.c; do
		[ ! -e "$source" ] || targets+=("$(basename "$source" .c)")
	done
fi
if ! command -v "$clang" >/dev/null; then
	for target in "${targets[@]}"; do
		echo "skip $target - there is no $clang"
	done
	exit 0
fi

mkdir -p "$out"
if ! "${MAKE:-make}" -s -j"$(nproc)" --no-print-directory CLANG="$clang" \
	BUILD="$(dirname "$out")" build-fuzz >"$out/build.log" 2>&1; then
	echo "not ok fuzz - the targets do not build"
	cat "$out/build.log"
	exit 1
fi

status=0
for target in "${targets[@]}"; do
	seeds=(tests/fuzz/corpus/"${target#fuzz_}")
	[ -d "${seeds[0]}" ] || seeds=()
	log=$out/$target.log
	rm -rf "$out/$target.corpus"
	mkdir -p "$out/$target.corpus"
	if "$out/$target" -runs="$runs" -seed="${SEED:-1}" -max_len=4096 \
		-timeout=60 -rss_limit_mb=2048 -print_final_stats=1 \
		-artifact_prefix="$out/$target-" "$out/$target.corpus" \
		"${seeds[@]}" >"$log" 2>&1; then
		echo "ok $target"
	else
		echo "not ok $target - see $log"
		tail -n 40 "$log"
		status=1
	fi
done
exit $status
