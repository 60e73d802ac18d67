#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Drives `chatvim lsp` by language clients that are not ours (tests/clients/README.md). Installs what is missing: with
# apt-get Emacs, with npm the libraries of VS Code, and Helix from a newer Debian release into .deps. A client that
# cannot be had is skipped, with the reason. $1 is the build folder.
#   CHATVIM_BLINK   a checkout of blink.cmp
#   CHATVIM_HELIX   another Helix; its runtime files are in HELIX_RUNTIME
#   CHATVIM_EMACS   another Emacs, which has eglot and markdown-mode
#   CHATVIM_RECORD  a folder: the sessions are written to files there
set -euo pipefail
# shellcheck source=lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=lib/debian.sh
source "$ROOT/scripts/lib/debian.sh"
# shellcheck source=lib/parts.sh
source "$ROOT/scripts/lib/parts.sh"

CLIENTS="$ROOT/tests/clients"
PASSED=0 FAILED=0 SKIPPED=0

main() {
  local build="${1:?usage: scripts/clients.sh BUILD}"
  build="$(cd "$build" && pwd -P)"
  export CHATVIM_ROOT="$ROOT" CHATVIM_TEST_DATA="$ROOT/tests/data"
  export CHATVIM_PROGRAM="$build/chatvim" CHATVIM_STANDIN="$build/chatvim-standin"
  install_clients
  run "Neovim's own client" run_nvim "$CHATVIM_NVIM" test_neovim.lua
  run "Neovim 0.10's own client" run_nvim_old
  run "blink.cmp" run_blink
  run "VS Code's libraries" run_vscode
  run "Helix" run_helix
  run "Emacs with eglot" run_emacs
  printf '%d passed, %d failed, %d skipped\n' "$PASSED" "$FAILED" "$SKIPPED"
  [[ "$FAILED" == 0 ]]
}

install_clients() {
  if have npm && ! cmp -s "$CLIENTS/package-lock.json" "$DEPS/clients/package-lock.json"; then
    rm -rf "$DEPS/clients"
    (make_part clients "the libraries of VS Code" install_vscode) || say "continuing without them"
  fi
  have apt-get || return 0
  if [[ -z "${CHATVIM_EMACS:-}" ]]; then
    # Emacs 29 and later include eglot, and Debian has no package of it then.
    (install_packages emacs-nox elpa-markdown-mode && { have_eglot || install_packages elpa-eglot; }) ||
      say "continuing without Emacs"
  fi
  if [[ -z "${CHATVIM_HELIX:-}" ]] && ! have hx && have_debian_mirror; then
    (make_part helix "Helix of Debian 13" unpack_helix trixie) || say "continuing without Helix"
  fi
}

# $1 is the work folder. Versions and checksums are in the lock file; the registry is npm's own setting.
install_vscode() {
  cp "$CLIENTS/package.json" "$CLIENTS/package-lock.json" "$1/part/" || return 1
  (cd "$1/part" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --fetch-retries=1) \
    </dev/null >&2 || return 1
  printf 'vscode-languageclient %s\n' "$(pinned vscode-languageclient)" >"$1/part/.stamp"
}

# Prints the version of the package $1 in package.json.
pinned() { sed -nE "s|.*\"$1\": \"([^\"]+)\".*|\1|p" "$CLIENTS/package.json"; }

# Unpacks Helix of the Debian release $1, which runs with its own loader and C library; $2 is the work folder, $3 the
# final place.
unpack_helix() {
  local version root loader libraries
  version="$(unpack_debian_package "$2/apt" "$1" hx)" || return 1
  root="$2/apt/root"
  loader="$(find "$root/usr/lib" -name 'ld-linux-*.so.*' | head -n 1)"
  [[ -n "$loader" ]] || return 1
  libraries="$(dirname "$loader")"
  mkdir "$2/part/bin"
  cat >"$2/part/bin/hx" <<WRAPPER
#!/bin/sh
HELIX_RUNTIME='$3/usr/lib/hx/runtime'
export HELIX_RUNTIME
exec '$3${loader#"$root"}' --library-path '$3${libraries#"$root"}' '$3/usr/lib/hx/hx' "\$@"
WRAPPER
  chmod +x "$2/part/bin/hx"
  rm -rf "${root:?}/usr/share"
  mv "$root/usr" "$2/part/usr"
  printf 'Helix %s\n' "$version" >"$2/part/.stamp"
}

have_eglot() { "${CHATVIM_EMACS:-emacs}" --batch --eval '(require (quote eglot))' >/dev/null 2>&1; }

# Runs the command in $2… and counts its result; 77 means that it was skipped.
run() {
  local what="$1" code=0
  shift
  say "$what"
  "$@" || code=$?
  case "$code" in
    0) PASSED=$((PASSED + 1)) ;;
    77) SKIPPED=$((SKIPPED + 1)) ;;
    *)
      FAILED=$((FAILED + 1))
      say "$what: FAILED"
      ;;
  esac
}

skip() {
  say "skipped: $*"
  return 77
}

# Runs the file $2 of tests/clients in the Neovim $1.
run_nvim() {
  CHATVIM_NVIM="$1" "$1" --headless --clean -n -i NONE -l "$ROOT/tests/nvim/run.lua" "$CLIENTS/$2" </dev/null
}

run_nvim_old() {
  if [[ -z "$CHATVIM_NVIM_OLD" ]]; then skip "there is no Neovim 0.10"; return; fi
  CHATVIM_RECORD='' run_nvim "$CHATVIM_NVIM_OLD" test_neovim.lua
}

run_blink() {
  if [[ -z "${CHATVIM_BLINK:-}" ]]; then
    skip "CHATVIM_BLINK names no checkout of blink.cmp ($(pinned blink.cmp))"
    return
  fi
  run_nvim "$CHATVIM_NVIM" test_blink.lua
}

run_vscode() {
  if ! have node || [[ ! -d "$DEPS/clients" ]]; then skip "there is no Node.js, or no packages of npm"; return; fi
  CHATVIM_CLIENTS="$DEPS/clients" node --test "$CLIENTS/vscode/"
}

run_helix() {
  local helix="${CHATVIM_HELIX:-$(command -v hx || true)}"
  if [[ -z "$helix" && -x "$DEPS/helix/bin/hx" ]]; then helix="$DEPS/helix/bin/hx"; fi
  if [[ -z "$helix" ]]; then skip "there is no Helix"; return; fi
  CHATVIM_HELIX="$helix" run_nvim "$CHATVIM_NVIM" test_helix.lua
}

# In a terminal of `script`, whose keyboard is a pipe that nobody writes to.
run_emacs() {
  local folder code=0
  if ! have script || ! have_eglot; then skip "there is no Emacs with eglot, or no 'script'"; return; fi
  folder="$(mktemp -d)"
  mkfifo "$folder/keys"
  CHATVIM_OUTPUT="$folder/messages" TERM=xterm-256color \
    script -qec "'${CHATVIM_EMACS:-emacs}' -nw -q -l '$CLIENTS/eglot.el'" /dev/null <>"$folder/keys" \
    >/dev/null || code=$?
  cat "$folder/messages"
  rm -rf "$folder"
  return "$code"
}

main "$@"
