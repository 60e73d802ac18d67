#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing to build Chatvim. --with-standin adds what the stand-in server needs, --with-tests what the
# tests need; --with-checks, --with-soak, --with-sanitizers and --with-packages further add what `make check`, `make
# soak`, `make sanitize` and `make fuzz`, or `make package` need. --list prints what would be installed with the
# system's package manager. Returns quickly if nothing is missing. Assumes bash, coreutils, sed, awk and, on Debian
# and Ubuntu, apt.
set -euo pipefail
# shellcheck source=lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=lib/debian.sh
source "$ROOT/scripts/lib/debian.sh"
# shellcheck source=lib/parts.sh
source "$ROOT/scripts/lib/parts.sh"

main() {
  local standin=no tests=no checks=no soak=no sanitizers=no packaging=no list=no option
  for option in "$@"; do
    case "$option" in
      --list) list=yes ;;
      --with-standin) standin=yes ;;
      --with-tests) tests=yes ;;
      --with-checks) tests=yes checks=yes ;;
      --with-soak) tests=yes soak=yes ;;
      --with-sanitizers) tests=yes sanitizers=yes ;;
      --with-packages) tests=yes packaging=yes ;;
      *) fail "usage: scripts/setup.sh [--list] [--with-standin | --with-tests | --with-checks | --with-soak |
  --with-sanitizers | --with-packages]" ;;
    esac
  done
  if [[ "$tests" == yes ]]; then standin=yes; fi
  if have apt-get && have dpkg-query; then
    setup_debian
  elif [[ "$(uname -s)" == Darwin ]] && have brew; then
    setup_macos
  else
    setup_elsewhere
  fi
  if [[ "$list" == yes ]]; then return 0; fi
  if [[ "$tests" == yes ]]; then setup_aimock; fi
  if [[ "$checks" == yes ]]; then
    setup_mcp
    setup_stylua
  fi
}

# The functions below read the local variables of main: standin, tests, checks, soak, sanitizers, packaging, list.

setup_debian() {
  local packages=("${SCRIPT_PACKAGES[@]}") needed
  read -r -a needed <<<"$(build_packages debian)"
  packages+=("${needed[@]}")
  if [[ "$standin" == yes ]]; then packages+=("${STANDIN_PACKAGES[@]}"); fi
  if [[ "$tests" == yes ]]; then packages+=("${TEST_PACKAGES[@]}"); fi
  if [[ "$checks" == yes ]]; then packages+=("${CHECK_PACKAGES[@]}"); fi
  if [[ "$soak" == yes ]]; then packages+=("${SOAK_PACKAGES[@]}"); fi
  if [[ "$sanitizers" == yes ]]; then packages+=("${SANITIZER_PACKAGES[@]}"); fi
  if [[ "$packaging" == yes ]]; then packages+=("${PACKAGE_PACKAGES[@]}"); fi
  # Do not install Debian's npm next to a Node.js from elsewhere, which has its own npm.
  if [[ "$tests" == yes ]] && ! have node; then packages+=(nodejs npm); fi
  # Needed to unpack a private Neovim into .deps.
  if needs_private_neovim "$tests" && have_debian_mirror; then packages+=(patchelf ca-certificates); fi
  if [[ "$list" == yes ]]; then
    missing_packages "${packages[@]}" | sed 's/|.*//'
    return 0
  fi
  install_packages "${packages[@]}"
  setup_debian_neovim "$tests"
  if [[ "$tests" == yes ]]; then
    setup_debian_catch2
    setup_debian_servers
  fi
}

needs_private_neovim() {
  if [[ "$1" == no ]]; then
    ! part_is_there nvim-0.10 && ! path_nvim_is_enough
  else
    ! part_is_there nvim-0.10 || ! part_is_there nvim-0.12 || ! part_is_there mini.test
  fi
}

# Any Neovim >= 0.10 will do for trying the plugin; the tests need the oldest and the newest supported version.
setup_debian_neovim() {
  local with_tests="$1"
  needs_private_neovim "$with_tests" || return 0
  if ! have_debian_mirror; then
    setup_neovim_without_mirror "$with_tests"
    return 0
  fi
  make_part nvim-0.10 "Neovim 0.10 of Debian 13" build_private_neovim trixie 0.10
  if [[ "$with_tests" == yes ]]; then
    # The newest is 0.12 at the time of writing, but 0.11 from a lagging mirror is accepted too.
    make_part nvim-0.12 "the newest Neovim of Debian sid" build_private_neovim sid 0.11
    make_part mini.test "mini.test, the test runner" unpack_mini_test
  fi
}

setup_neovim_without_mirror() {
  path_nvim_is_enough || install_neovim_of_the_system
  path_nvim_is_enough || fail "Neovim 0.10 or later is needed, but this system's packages do not include it.
  Install it (for example with 'sudo snap install nvim --classic', or the archive from Neovim's releases
  unpacked into a folder on PATH), then start again."
  [[ "$1" == yes ]] || return 0
  say "no Debian archive in apt's settings: the tests run on the Neovim on PATH only"
  make_part mini.test "mini.test, the test runner" clone_mini_test
}

install_neovim_of_the_system() {
  local candidate
  apt_update_once
  candidate="$(apt-cache policy neovim 2>/dev/null | sed -nE 's/^ *Candidate: *([0-9]+\.[0-9]+).*/\1/p')"
  if version_at_least "$candidate" 0.10; then install_packages neovim; fi
}

# The tests need Catch2 3. Debian 12 has version 2; its backports have 3.7.
setup_debian_catch2() {
  local installed_version
  if part_is_there catch2; then return 0; fi
  installed_version="$(dpkg-query -W -f='${Version}' catch2 2>/dev/null || true)"
  if [[ "${installed_version%%.*}" -ge 3 ]] 2>/dev/null; then return 0; fi
  if [[ "$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")" == bookworm ]] && have_debian_mirror; then
    make_part catch2 "Catch2 3 of Debian 12's backports" unpack_catch2 bookworm-backports
    return 0
  fi
  apt_update_once
  if [[ "$(apt-cache policy catch2 | sed -nE 's/^ *Candidate: *([0-9]+).*/\1/p')" -ge 3 ]] 2>/dev/null; then
    install_packages catch2
  else
    say "this system's Catch2 is older than 3: CMake looks for it elsewhere"
  fi
}

# Gets nginx and tinyproxy, which the tests start themselves. They are unpacked rather than installed, because the
# system would start an installed nginx and keep it running.
setup_debian_servers() {
  if have_server nginx && have_server tinyproxy; then return 0; fi
  if part_is_there servers; then return 0; fi
  apt_update_once
  (make_part servers "nginx and tinyproxy of this system's release" unpack_servers) ||
    say "continuing without nginx and tinyproxy: the tests that need them will be skipped"
}

BREW_TEST=(catch2 cmark nginx node tinyproxy)
BREW_CHECK=(clang-format llvm luacheck shellcheck)

# Homebrew's build packages already include OpenSSL, which the stand-in server needs.
setup_macos() {
  local wanted there name missing=()
  read -r -a wanted <<<"$(build_packages brew) neovim"
  if [[ "$tests" == yes ]]; then wanted+=("${BREW_TEST[@]}"); fi
  if [[ "$checks" == yes ]]; then wanted+=("${BREW_CHECK[@]}"); fi
  there=" $(brew list --formula -1 | tr '\n' ' ') "
  for name in "${wanted[@]}"; do
    if [[ "$there" != *" $name "* ]]; then missing+=("$name"); fi
  done
  if [[ "$list" == yes ]]; then
    if [[ ${#missing[@]} -gt 0 ]]; then printf '%s\n' "${missing[@]}"; fi
    return 0
  fi
  if [[ ${#missing[@]} -gt 0 ]]; then
    say "installing with brew: ${missing[*]}"
    brew install --quiet "${missing[@]}" </dev/null >&2 || fail "brew could not install: ${missing[*]}"
  fi
  path_nvim_is_enough || fail "the nvim first on PATH is older than 0.10; put brew's before it"
  if [[ "$tests" == yes ]]; then make_part mini.test "mini.test, the test runner" clone_mini_test; fi
}

# Prints the command that installs what a build needs on systems where setup.sh does not, or nothing if unknown.
install_command() {
  if have dnf; then
    printf 'sudo dnf install %s\n' "$(build_packages fedora)"
  elif have pacman; then
    printf 'sudo pacman -S --needed %s\n' "$(build_packages arch)"
  elif have apk; then
    printf 'doas apk add %s\n' "$(build_packages alpine)"
  fi
}

# Systems on which setup.sh installs no packages: reports missing tools. CMake reports missing libraries.
setup_elsewhere() {
  local tool missing=() command
  if [[ "$list" == yes ]]; then return 0; fi
  for tool in c++ cmake pkg-config git; do
    have "$tool" || missing+=("$tool")
  done
  path_nvim_is_enough || missing+=("nvim >= 0.10")
  command="$(install_command)"
  if [[ ${#missing[@]} -gt 0 ]]; then
    fail "install what is missing (${missing[*]}), then start again.
  ${command:-README.md lists what a build needs}"
  fi
  say "if CMake misses a library, this installs it: ${command:-see README.md, \"Building from source\"}"
  [[ "$tests" == no ]] || make_part mini.test "mini.test, the test runner" clone_mini_test
}

# Installs aimock, a third-party test server written for Node.js. Without it the tests that need it are skipped.
setup_aimock() {
  if part_is_there aimock && cmp -s "$ROOT/tests/aimock/package-lock.json" "$DEPS/aimock/package-lock.json"; then
    return 0
  fi
  if ! have npm; then
    say "npm is missing, so aimock is not installed: the tests that need it will be skipped"
    return 0
  fi
  # Remove a part made from another version.
  rm -rf "$DEPS/aimock"
  (make_part aimock "aimock, a server for the tests" install_aimock) ||
    say "continuing without aimock: the tests that need it will be skipped"
}

# Installs tool servers (Model Context Protocol) written for Node.js. Without them the tests that need them are skipped.
setup_mcp() {
  if part_is_there mcp && cmp -s "$ROOT/tests/mcp/package-lock.json" "$DEPS/mcp/package-lock.json"; then
    return 0
  fi
  if ! have npm; then
    say "npm is missing, so the tool servers are not installed: the tests that need them will be skipped"
    return 0
  fi
  rm -rf "$DEPS/mcp"
  (make_part mcp "tool servers for the tests" install_mcp) ||
    say "continuing without the tool servers: the tests that need them will be skipped"
}

# Installs StyLua, the Lua formatter. It is optional: without it `make check` reports that Lua's format was not
# checked.
setup_stylua() {
  if part_is_there npm; then return 0; fi
  if ! have npm; then
    say "npm is missing, so StyLua is not installed"
    return 0
  fi
  (make_part npm "StyLua" install_stylua) || say "continuing without StyLua"
}

main "$@"
