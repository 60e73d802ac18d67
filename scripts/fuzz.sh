#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `make fuzz`: fuzz.sh BUILD_FOLDER [TARGET SECONDS]. Feeds each target of tests/fuzz with what libFuzzer makes of its
# corpus:
#   FUZZ_MINUTES   for all targets together (10)
#   FUZZ_TARGET    one target alone
#   FUZZ_SEED      for the same inputs again; each run has others without it
#   JOBS           so many targets at once (1)
# What a target has learnt stays in BUILD_FOLDER/corpus for the next run; an input that breaks a property or the program
# is left in BUILD_FOLDER/finds. Expects the program chatvim_fuzz built.
set -euo pipefail
# shellcheck source=lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
BUILD="$(cd "$1" && pwd -P)"
# An input that takes longer than this (seconds), or more memory (MB), is a find.
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
    say "$target: $inputs inputs, $(find "$learnt" -type f | wc -l) learnt"
    return 0
  fi
  tail -n 40 "$log" >&2
  say "$target: a find. Again: FUZZ_TARGET=$target $BUILD/chatvim_fuzz $(sed -nE 's/.*Test unit written to //p' "$log")"
  return 1
}

fuzz_all() {
  local names=() seconds jobs="${JOBS:-1}"
  mapfile -t names < <("$BUILD/chatvim_fuzz_replay" --names)
  if [[ -n "${FUZZ_TARGET:-}" ]]; then
    [[ " ${names[*]} " == *" $FUZZ_TARGET "* ]] || fail "FUZZ_TARGET is '$FUZZ_TARGET', none of: ${names[*]}"
    names=("$FUZZ_TARGET")
  fi
  seconds=$((${FUZZ_MINUTES:-10} * 60 * (${#names[@]} < jobs ? ${#names[@]} : jobs) / ${#names[@]}))
  if [[ "$seconds" -lt 1 ]]; then seconds=1; fi
  # Each target is a process of this script, which fails for a find.
  printf '%s\n' "${names[@]}" | xargs -P "$jobs" -I '{}' "$0" "$BUILD" '{}' "$seconds" ||
    fail "there are finds in $BUILD/finds"
  say "no finds"
}

if [[ $# -eq 3 ]]; then
  fuzz_target "$2" "$3"
else
  fuzz_all
fi
