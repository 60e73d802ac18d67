# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Shared by the scripts in this folder: paths, messages, and which Neovim is new enough.
# shellcheck disable=SC2034 # used by scripts that source this

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)"
DEPS="$ROOT/.deps"

# Prints a message to standard error, so that standard output holds only a script's result.
say() { printf '%s\n' "chatvim: $*" >&2; }

# Prints an error message and exits.
fail() {
  printf '%s\n' "chatvim: error: $*" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# Prints the version of the Neovim program $1 as "0.10", or nothing if it does not run.
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

# Prints the packages that a build needs on the system $1, a name from data/packages.txt.
build_packages() {
  sed -nE "s/^$1: *//p" "$ROOT/data/packages.txt"
}
