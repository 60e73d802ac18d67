#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `make sanitize`: sanitize.sh BUILD_FOLDER. Runs every test and fails where one fails or any program, those that Neovim
# started too, has left a report (tests/sanitizer_options.cpp). Expects the folder built with the preset sanitize.
set -euo pipefail
# shellcheck source=lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
BUILD="$(cd "$1" && pwd -P)"
REPORTS="$BUILD/reports"

rm -rf "$REPORTS"
mkdir -p "$REPORTS"
failed=no
# A test that is too slow with sanitizers gets a second chance, a find does not: its report stays.
ctest --test-dir "$BUILD" --repeat until-pass:2 --output-on-failure -j "${JOBS:-1}" --no-tests=error || failed=yes
# What is no find stays in its file: that a search for leaks was ended by a kill, for one.
while IFS= read -r report; do
  failed=yes
  say "the report $report:"
  head -n 60 "$report" >&2
done < <(grep -rlE 'ERROR: |runtime error: ' "$REPORTS" || true)
[[ "$failed" == no ]] || fail "a test failed, or a sanitizer has found something"
say "all tests passed, and no sanitizer has found anything"
