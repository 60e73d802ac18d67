# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Shared by the scripts in this folder: where things are, how they speak, which Neovim is new enough.
# shellcheck disable=SC2034 # read by who sources this

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)"
DEPS="$ROOT/.deps"

# What is done, to standard error, so that a script's standard output is only its result.
say() { printf '%s\n' "chatvim: $*" >&2; }

# The reason why it cannot go on, then the end.
fail() {
  printf '%s\n' "chatvim: error: $*" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# The version of the Neovim program $1 as "0.10", or nothing if it does not run.
nvim_version() {
  "$1" --version 2>/dev/null </dev/null | sed -nE '1s/^NVIM v([0-9]+\.[0-9]+).*/\1/p'
}

# Whether version $1 ("0.10") is at least version $2.
version_at_least() {
  local major="${1%%.*}" minor="${1#*.}"
  [[ -n "$1" ]] || return 1
  ((major > ${2%%.*} || (major == ${2%%.*} && minor >= ${2#*.})))
}

# Whether the Neovim on PATH is new enough for the plugin.
path_nvim_is_enough() {
  have nvim && version_at_least "$(nvim_version nvim)" 0.10
}

# Prints the packages that a build needs on the kind of system $1, as data/packages.txt names it.
build_packages() {
  sed -nE "s/^$1: *//p" "$ROOT/data/packages.txt"
}
