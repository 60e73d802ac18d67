#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `make soak`: soak.sh BUILD_FOLDER. Runs the tests that are too long for `make test`, on the newest and the oldest
# Neovim:
#   SOAK_MINUTES    duration of eight random chats, run side by side in each Neovim (10)
#   SOAK_SEED       the seed that a failed run printed, to repeat that run
#   CHATVIM_KILLS   kills of each kind in each Neovim (100)
#   CHATVIM_EDITS   edits of whole chats while their answers are written, in each Neovim (2000)
#   CHATVIM_TOOL_ENDS  ends of the program while servers of tools start, run and end (1000)
#   SOAK_STREAMS    number of mutated streams for the decoders (1,000,000)
# Expects scripts/env.sh sourced. Prints the figures used in doc/reliability.md.
set -euo pipefail
# shellcheck source=lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
BUILD="$(cd "$1" && pwd -P)"
export SOAK_MINUTES="${SOAK_MINUTES:-10}" CHATVIM_KILLS="${CHATVIM_KILLS:-100}"
export CHATVIM_EDITS="${CHATVIM_EDITS:-2000}" CHATVIM_FAULT_STRIDE=1
export CHATVIM_TOOL_ENDS="${CHATVIM_TOOL_ENDS:-1000}"
export CHATVIM_ROOT="$ROOT" CHATVIM_PROGRAM="$BUILD/chatvim" CHATVIM_STANDIN="$BUILD/chatvim-standin"
export CHATVIM_TEST_DATA="$ROOT/tests/data"

# Runs the test file $2 in the Neovim $1 and prefixes each line of output with the version.
in_neovim() {
  local nvim="$1" file="$2" version
  version="$("$nvim" --version | sed -nE '1s/^NVIM v([0-9]+\.[0-9]+).*/\1/p')"
  CHATVIM_NVIM="$nvim" "$nvim" --headless --clean -n -i NONE -l "$ROOT/tests/nvim/run.lua" \
    "$ROOT/tests/nvim/test_$file.lua" 2>&1 | sed -u "s/^/$version: /"
}

# Runs the test file $1 in both Neovims at once; fails if it fails in either.
in_both() {
  local file="$1" nvim jobs=() failed=0 job
  for nvim in "$CHATVIM_NVIM" "$CHATVIM_NVIM_OLD"; do
    if [[ -z "$nvim" ]]; then continue; fi
    in_neovim "$nvim" "$file" &
    jobs+=("$!")
  done
  for job in "${jobs[@]}"; do wait "$job" || failed=1; done
  return "$failed"
}

failed=()
say "mutated streams"
"$BUILD/chatvim_mutate_streams" "${SOAK_STREAMS:-1000000}" || failed+=(streams)
say "faults at every byte of the recorded streams, memory, and $CHATVIM_TOOL_ENDS ends of the program"
"$BUILD/chatvim_program_tests" "[faults],[memory],[ends],[.soak]" || failed+=(program)
say "a chat of 200 MB, a line of 50 MB"
CHATVIM_LARGE=1 in_both hostile || failed+=(hostile)
say "$CHATVIM_KILLS kills of each kind"
in_both kill || failed+=(kill)
say "$CHATVIM_EDITS edits of whole chats"
in_both mutate || failed+=(mutate)
say "$SOAK_MINUTES minutes of eight chats"
in_both soak || failed+=(soak)
if [[ ${#failed[@]} -gt 0 ]]; then fail "failed: ${failed[*]}"; fi
say "all long runs passed"
