# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Source this in bash: exports the paths of what scripts/setup.sh put into .deps/. Variables that are already set
# stay.
#   CHATVIM_NVIM       the newest Neovim available, for the tests
#   CHATVIM_NVIM_OLD   the oldest supported Neovim, 0.10; empty if missing
#   CHATVIM_MINI_TEST  folder of mini.test, for Neovim's runtimepath; empty if missing
#   CHATVIM_TRY_NVIM   the Neovim for `make try`: the user's own if it is new enough
#   CHATVIM_STYLUA     StyLua; empty if missing
# CMake reads the generator and the private Catch2 from its own variables.

chatvim_environment() {
  local deps own own_version=
  deps="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)/.deps"
  own="$(command -v nvim || true)"
  if [[ -n "$own" ]]; then
    own_version="$("$own" --version 2>/dev/null | sed -nE '1s/^NVIM v0\.([0-9]+).*/\1/p')"
    # An empty version means 1.0 or later, which the pattern does not match.
    if [[ -z "$own_version" ]]; then own_version=99; fi
    if [[ "$own_version" -lt 10 ]]; then own=; fi
  fi

  local private_new="$deps/nvim-0.12/bin/nvim" private_old="$deps/nvim-0.10/bin/nvim"
  if [[ ! -x "$private_new" ]]; then private_new=; fi
  if [[ ! -x "$private_old" ]]; then private_old=; fi
  if [[ -z "$private_old" && -n "$own" && "$own_version" -eq 10 ]]; then private_old="$own"; fi
  # The user's Neovim is the newest if it is newer than the private one.
  if [[ -n "$own" && "$own_version" -gt 12 ]]; then private_new="$own"; fi

  export CHATVIM_NVIM="${CHATVIM_NVIM:-${private_new:-${own:-$private_old}}}"
  export CHATVIM_NVIM_OLD="${CHATVIM_NVIM_OLD:-$private_old}"
  export CHATVIM_TRY_NVIM="${CHATVIM_TRY_NVIM:-${own:-${private_old:-$private_new}}}"
  if [[ -z "${CHATVIM_MINI_TEST:-}" && -d "$deps/mini.test/lua" ]]; then
    CHATVIM_MINI_TEST="$deps/mini.test"
  fi
  export CHATVIM_MINI_TEST="${CHATVIM_MINI_TEST:-}"

  if [[ -x "$deps/npm/node_modules/.bin/stylua" ]]; then
    CHATVIM_STYLUA="$deps/npm/node_modules/.bin/stylua"
  fi
  export CHATVIM_STYLUA="${CHATVIM_STYLUA:-$(command -v stylua || true)}"

  if [[ -d "$deps/catch2/usr" && ":${CMAKE_PREFIX_PATH:-}:" != *":$deps/catch2/usr:"* ]]; then
    export CMAKE_PREFIX_PATH="$deps/catch2/usr${CMAKE_PREFIX_PATH:+:$CMAKE_PREFIX_PATH}"
  fi
  if [[ -z "${CMAKE_GENERATOR:-}" ]] && command -v ninja >/dev/null; then
    export CMAKE_GENERATOR=Ninja
  fi
}

chatvim_environment
unset -f chatvim_environment
