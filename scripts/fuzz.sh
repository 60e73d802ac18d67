#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `make fuzz`: fuzz.sh BUILD_FOLDER [TARGET SECONDS]. Fuzzes each target of tests/fuzz with libFuzzer, starting from
# its corpus:
#   FUZZ_MINUTES   total time for all targets (10)
#   FUZZ_TARGET    a single target to fuzz
#   FUZZ_SEED      repeats the inputs of a run; by default each run has new ones
#   JOBS           number of targets to fuzz at once (1)
# New corpus inputs stay in BUILD_FOLDER/corpus for the next run; inputs that crash the program or violate a property
# are left in BUILD_FOLDER/finds. Expects the program chatvim_fuzz built.
set -euo pipefail
# shellcheck source=lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
BUILD="$(cd "$1" && pwd -P)"
# An input that takes longer than this (seconds) or more memory (MB) counts as a failure.
LONGEST=5
MOST_MEMORY=1024
LARGEST_INPUT=4096

# Fuzzes the target $1 for $2 seconds.
fuzz_target() {
  local target="$1" seconds="$2" learnt="$BUILD/corpus/$1" finds="$BUILD/finds" log="$BUILD/$1.log" inputs
  mkdir -p "$learnt" "$finds"
  if FUZZ_TARGET="$target" "$BUILD/chatvim_fuzz" "$learnt" "$ROOT/tests/fuzz/corpus/$target" \
    -dict="$ROOT/tests/fuzz/words.dict" -max_total_time="$seconds" -seed="${FUZZ_SEED:-0}" -max_len="$LARGEST_INPUT" \
    -timeout="$LONGEST" -rss_limit_mb="$MOST_MEMORY" -artifact_prefix="$finds/$target-" \
    -print_final_stats=1 >"$log" 2>&1; then
    inputs="$(sed -nE 's/^stat::number_of_executed_units: +//p' "$log")"
    say "$target: $inputs inputs, $(find "$learnt" -type f | wc -l) kept in its corpus"
    return 0
  fi
  tail -n 40 "$log" >&2
  say "$target: failed. Repeat with: FUZZ_TARGET=$target $BUILD/chatvim_fuzz $(sed -nE 's/.*Test unit written to //p' "$log")"
  return 1
}

fuzz_all() {
  local names=() seconds jobs="${JOBS:-1}"
  mapfile -t names < <("$BUILD/chatvim_fuzz_replay" --names)
  if [[ -n "${FUZZ_TARGET:-}" ]]; then
    [[ " ${names[*]} " == *" $FUZZ_TARGET "* ]] || fail "unknown FUZZ_TARGET '$FUZZ_TARGET'; use one of: ${names[*]}"
    names=("$FUZZ_TARGET")
  fi
  seconds=$((${FUZZ_MINUTES:-10} * 60 * (${#names[@]} < jobs ? ${#names[@]} : jobs) / ${#names[@]}))
  if [[ "$seconds" -lt 1 ]]; then seconds=1; fi
  # Runs this script once per target; it fails if an input fails.
  printf '%s\n' "${names[@]}" | xargs -P "$jobs" -I '{}' "$0" "$BUILD" '{}' "$seconds" ||
    fail "failing inputs are in $BUILD/finds"
  say "no input failed"
}

if [[ $# -eq 3 ]]; then
  fuzz_target "$2" "$3"
else
  fuzz_all
fi
