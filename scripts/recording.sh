#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Recreates doc/recording.svg: a real session of a real Neovim in tmux, with the stand-in server. Expects the program
# and the stand-in built (`make standin`) and tmux installed.
set -euo pipefail
# shellcheck source=lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=lib/standin.sh
source "$ROOT/scripts/lib/standin.sh"
# shellcheck source=env.sh
source "$ROOT/scripts/env.sh"

# Must match recording.lua.
COLUMNS=106 LINES=30
WORK="$(mktemp -d)"
TMUX_SERVER="chatvim-recording-$$"

main() {
  have tmux || fail "tmux is missing"
  trap clean EXIT
  start_standin "$ROOT/build/release/chatvim-standin" "$WORK"
  write_config
  start_neovim
  wait_for '^~'
  type_command 'ChatvimNew'
  wait_for 'user ─'
  screen -l 'iWhat does an answer look like here?'
  screen Escape
  wait_for 'look like here'
  screen -l ':ChatvimComplete'
  capture 1
  screen Enter
  wait_for 'writing .* stops$'
  capture 2
  wait_for 'def greet.* stops$'
  capture 3
  wait_for 'standin · [0-9.]+ s'
  capture 4
  type_command 'silent write'
  screen -l ':vertical ChatvimHelp'
  screen Enter
  wait_for 'a short guide'
  capture 5
  "$CHATVIM_NVIM" --clean -l "$ROOT/scripts/recording.lua" "$WORK"/frame-*.txt >"$ROOT/doc/recording.svg"
}

write_config() {
  mkdir -p "$WORK/config/chatvim"
  printf '+++\nmodel = "local/standin"\n\n[providers.local]\nbase_url = "http://%s/v1"\n+++\n' "$STANDIN_ADDRESS" \
    >"$WORK/config/chatvim/config.md"
}

start_neovim() {
  local command
  mkdir "$WORK/chats"
  # Use file names without folders, to keep the folder out of the picture.
  printf -v command '%q ' env XDG_CONFIG_HOME="$WORK/config" XDG_STATE_HOME="$WORK/state" "$CHATVIM_NVIM" \
    --clean -n -i NONE --cmd "set runtimepath^=$ROOT background=dark termguicolors splitright linebreak" \
    --cmd 'set statusline=%t\ %m%=%l,%c' --cmd 'let g:chatvim = #{rules: v:true}'
  tmux -L "$TMUX_SERVER" -f /dev/null new-session -d -x "$COLUMNS" -y "$LINES" -c "$WORK/chats" "$command" 8>&- 9>&-
}

type_command() {
  screen -l ":$1"
  screen Enter
}

screen() { tmux -L "$TMUX_SERVER" send-keys "$@"; }

# Waits up to 10 s until the screen matches the pattern $1.
wait_for() {
  local tries
  for ((tries = 0; tries < 500; tries++)); do
    if tmux -L "$TMUX_SERVER" capture-pane -p | grep -Eq -- "$1"; then return 0; fi
    sleep 0.02
  done
  fail "the screen never showed: $1"
}

capture() { tmux -L "$TMUX_SERVER" capture-pane -e -p >"$WORK/frame-$1.txt"; }

clean() {
  tmux -L "$TMUX_SERVER" kill-server 2>/dev/null || true
  stop_standin
  rm -rf "$WORK"
}

main "$@"
