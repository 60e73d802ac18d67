#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `make bench`: measures every figure in doc/performance.md and, in the same run, the alternatives. $1 is the build
# folder; further arguments are names of measurements (default: all). Needs an idle machine; use the medians.
set -euo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
BUILD="$(cd "$1" && pwd -P)"
shift
export CHATVIM_ROOT="$ROOT" CHATVIM_PROGRAM="$BUILD/chatvim" CHATVIM_STANDIN="$BUILD/chatvim-standin"
export CHATVIM_MCP_STANDIN="$BUILD/chatvim-mcp-standin"
# The test helpers used here expect the variables of the tests.
export CHATVIM_TEST_DATA="$ROOT/tests/data" CHATVIM_MINI_TEST="${CHATVIM_MINI_TEST:-none}"
"$CHATVIM_NVIM" --headless --clean -n -i NONE -l "$ROOT/bench/bench.lua" "$@"
