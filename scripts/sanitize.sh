#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `make sanitize`: sanitize.sh BUILD_FOLDER. Runs every test; fails if a test fails, or if any program, including
# those that Neovim started, left a report (tests/sanitizer_options.cpp). Expects the folder built with the preset
# sanitize. SANITIZE_SKIP is a pattern (ctest -E) of tests to leave out.
set -euo pipefail
# shellcheck source=lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
BUILD="$(cd "$1" && pwd -P)"
REPORTS="$BUILD/reports"

rm -rf "$REPORTS"
mkdir -p "$REPORTS"
failed=no
# A failed test gets a second try, since sanitizers make it slow. A sanitizer error still fails the run, because its
# report stays.
ctest --test-dir "$BUILD" -E "${SANITIZE_SKIP:-^$}" --repeat until-pass:2 --output-on-failure -j "${JOBS:-1}" --no-tests=error || failed=yes
# Ignore reports without an error, for example that a kill interrupted the leak check.
while IFS= read -r report; do
  failed=yes
  say "the report $report:"
  head -n 60 "$report" >&2
done < <(grep -rlE 'ERROR: |runtime error: ' "$REPORTS" || true)
[[ "$failed" == no ]] || fail "a test failed, or a sanitizer reported an error"
say "all tests passed, and no sanitizer reported an error"
