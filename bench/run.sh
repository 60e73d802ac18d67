#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `make bench`: every figure of doc/performance.md, with its rivals in the same run. $1: the build folder; the rest are names
# of measurements (default: all). Needs a quiet machine: the medians count.
set -euo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
BUILD="$(cd "$1" && pwd -P)"
shift
export CHATVIM_ROOT="$ROOT" CHATVIM_PROGRAM="$BUILD/chatvim" CHATVIM_STANDIN="$BUILD/chatvim-standin"
# The helpers of the tests are used here too, and want to know all that the tests know.
export CHATVIM_TEST_DATA="$ROOT/tests/data" CHATVIM_MINI_TEST="${CHATVIM_MINI_TEST:-none}"
"$CHATVIM_NVIM" --headless --clean -n -i NONE -l "$ROOT/bench/bench.lua" "$@"
