#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The automatic checks: check.sh BUILD_FOLDER [CHECK…]. Runs all of them even when one fails, so that a single run
# reports everything. Expects scripts/env.sh sourced and the build folder configured.
set -euo pipefail
# shellcheck source=lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
cd "$ROOT"

ALL_CHECKS=(format layers lint_lua format_lua modules types shell help warnings tidy)

main() {
  local build="$1" name failed=()
  shift
  if [[ $# -eq 1 ]]; then
    say "check: $1"
    "check_$1" "$build"
    return
  fi
  if [[ $# -eq 0 ]]; then set -- "${ALL_CHECKS[@]}"; fi
  for name in "$@"; do
    # Run each check in a process of its own: on the left of `||`, bash would ignore `set -e` inside the check.
    "$ROOT/scripts/check.sh" "$build" "$name" || failed+=("$name")
  done
  [[ ${#failed[@]} -eq 0 ]] || fail "failed: ${failed[*]}"
  say "all checks passed: $*"
}

# Prints the project's files that match the patterns, NUL-terminated, whether committed or not.
files() {
  git ls-files --cached --others --exclude-standard -- "$@" | while IFS= read -r file; do
    if [[ -f "$file" ]]; then printf '%s\0' "$file"; fi
  done
}

need() {
  have "$1" || fail "$1 is missing; scripts/setup.sh --with-checks installs it"
}

check_format() {
  need clang-format
  files {include,src,tests,bench}/'*.'{h,hpp,cpp} |
    xargs -0 clang-format --dry-run -Werror
}

check_layers() {
  "$CHATVIM_NVIM" --clean -l scripts/lib/cpp_layers.lua "$ROOT"
}

check_lint_lua() {
  need luacheck
  files '*.lua' | xargs -0 luacheck --quiet
}

check_format_lua() {
  if [[ -z "${CHATVIM_STYLUA:-}" ]]; then
    say "the format of Lua was NOT checked: StyLua is missing (scripts/setup.sh --with-checks installs it with npm)"
    return 0
  fi
  files '*.lua' | xargs -0 "$CHATVIM_STYLUA" --check
}

# No circle between the modules of Lua, and no require from a lower folder to a higher one.
check_modules() {
  "$CHATVIM_NVIM" --clean -n -i NONE -l scripts/lib/lua_modules.lua lua </dev/null
}

# The annotations of Lua, with the settings of .luarc.json, whose library is in the folder VIMRUNTIME. Needs version
# 3.14 or later, which writes the result to check.json even if it is empty.
check_types() {
  if ! have lua-language-server; then
    say "the types of Lua were NOT checked: lua-language-server is not on PATH"
    return 0
  fi
  local folder runtime
  folder="$(mktemp -d)"
  # shellcheck disable=SC2064 # the folder of now
  trap "rm -rf '$folder'" EXIT
  runtime="$("$CHATVIM_NVIM" --clean -n -i NONE -l /dev/stdin <<<'io.write(vim.env.VIMRUNTIME)')"
  # An error in the server itself is printed, but leaves an empty result and the exit code 0.
  if VIMRUNTIME="$runtime" NO_COLOR=1 lua-language-server --check "$ROOT/lua" --configpath "$ROOT/.luarc.json" \
    --checklevel=Warning --logpath "$folder" --check_out_path="$folder/check.json" >"$folder/output" 2>&1 &&
    [[ "$(tr -d '[:space:]' <"$folder/check.json")" == "[]" ]] && ! grep -q '^stack traceback' "$folder/output"; then
    return 0
  fi
  # No option hides only the progress, whose lines end with a carriage return.
  tr '\r' '\n' <"$folder/output" | grep -vE '^ *$|^[>=]+ [0-9]+/[0-9]+'
  return 1
}

check_shell() {
  local file
  files '*.sh' .ci/run | while IFS= read -r -d '' file; do bash -n "$file"; done
  if have shellcheck; then
    files '*.sh' .ci/run | xargs -0 shellcheck
  else
    say "shellcheck is missing: only the syntax of the shell scripts was checked"
  fi
}

# Works on a copy, since :helptags writes doc/tags. Fails on a duplicate tag.
check_help() {
  local copy
  copy="$(mktemp -d)"
  # shellcheck disable=SC2064 # expand $copy now
  trap "rm -rf '$copy'" EXIT
  cp doc/*.txt "$copy/"
  "$CHATVIM_NVIM" --clean --headless -i NONE -c "try | helptags $copy | catch | echo v:exception | cquit | endtry" \
    -c 'qall!' </dev/null
  grep -q '^chatvim.txt' "$copy/tags" || fail "doc/chatvim.txt does not define the tag chatvim.txt"
}

# Expects the build folder configured with warnings as errors.
check_warnings() {
  cmake --build "$1" -j "${JOBS:-2}"
}

# Checks each file by itself, as `cmake --preset tidy` compiles it, which also proves that each file includes what it
# needs.
check_tidy() {
  need clang-tidy
  local build="$ROOT/build/tidy"
  local sources=() file
  while IFS= read -r -d '' file; do sources+=("$ROOT/$file"); done < <(files 'src/*.cpp' 'tests/standin/*.cpp')
  # The compile commands may contain g++ warning options that clang does not know.
  if ! have run-clang-tidy; then
    clang-tidy -quiet -p "$build" --extra-arg=-Wno-unknown-warning-option "${sources[@]}"
  elif ! run-clang-tidy -quiet -p "$build" -j "${JOBS:-2}" -extra-arg=-Wno-unknown-warning-option \
    "${sources[@]/%/$}" >"$build/tidy.log" 2>&1; then
    # run-clang-tidy prints colours and its commands even when it does not write to a terminal.
    tr -d '\033' <"$build/tidy.log" | sed -E 's/\[[0-9;]*m//g' | grep -vE '^(clang-tidy|[0-9]+ warnings)'
    return 1
  fi
}

main "$@"
