#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `make try`: announces its steps, installs what is missing, builds, and opens Neovim on a copy of examples/hello.md
# with the plugin loaded. Without a terminal it completes the copy headless and prints the resulting document.
# The answer comes from the first of these that is available: a provider whose key is in the environment, a local
# server on its usual port, the stand-in server, which repeats the question. CHATVIM_TRY_WITH=key|local|standin
# overrides the choice.
# Must work with the bash 3.2 of macOS.
set -euo pipefail
# shellcheck source=lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=lib/standin.sh
source "$ROOT/scripts/lib/standin.sh"

TRY="$ROOT/build/try"
CHAT="$TRY/hello.md"
KEY_VARIABLES=(OPENAI_API_KEY ANTHROPIC_API_KEY XAI_API_KEY GEMINI_API_KEY DEEPSEEK_API_KEY MISTRAL_API_KEY
  GROQ_API_KEY OPENROUTER_API_KEY)
# Name and port of Ollama, llama.cpp and LM Studio.
LOCAL_SERVERS=(Ollama:11434 llama.cpp:8080 "LM Studio:1234")
PROVIDER=
LOCAL_URL=
LOCAL_MODEL=

main() {
  choose_provider
  announce
  # Only the document may go to standard output.
  make --no-print-directory -C "$ROOT" "$([[ "$PROVIDER" == standin ]] && echo standin || echo build)" >&2
  # shellcheck source=env.sh
  source "$ROOT/scripts/env.sh"
  mkdir -p "$TRY"
  cp "$ROOT/examples/hello.md" "$CHAT"
  if [[ "$PROVIDER" == local ]]; then write_config "$LOCAL_URL" "$LOCAL_MODEL"; fi
  if [[ "$PROVIDER" == standin ]]; then use_standin; fi
  if [[ -t 0 && -t 1 ]]; then
    open_chat -S "$ROOT/scripts/try_screen.lua"
  else
    open_chat --headless -c "luafile $ROOT/scripts/try.lua" >&2 </dev/null
    cat "$CHAT"
  fi
}

# Prints the steps and how long they take, before anything is changed.
announce() {
  local missing options=(--list)
  if [[ -x "$ROOT/build/release/chatvim" ]]; then return 0; fi
  if [[ "$PROVIDER" == standin ]]; then options+=(--with-standin); fi
  missing="$("$ROOT/scripts/setup.sh" "${options[@]}" | tr '\n' ' ')"
  say "the first time this takes a few minutes:"
  if ! have apt-get && ! have brew; then
    say "  - check for what the build needs; nothing is installed on this system"
  else
    if [[ -n "$missing" ]]; then
      say "  - install with $(have apt-get && echo apt-get || echo brew): $missing"
    fi
    path_nvim_is_enough || say "  - get a Neovim for this folder only, because the one on PATH is missing or older than 0.10"
  fi
  say "  - build the program into build/: about a minute on two processors"
  say "  - open Neovim on a chat, without your own configuration; :qa! leaves it"
}

# Starts Neovim without the user's own configuration, so that only Chatvim is tried. Closes the stand-in's
# descriptors.
open_chat() {
  CHATVIM_ROOT="$ROOT" "$CHATVIM_TRY_NVIM" --clean -n -i NONE \
    --cmd 'lua vim.opt.runtimepath:prepend(vim.env.CHATVIM_ROOT)' \
    --cmd 'lua pcall(vim.cmd.helptags, vim.env.CHATVIM_ROOT .. "/doc")' "$@" "$CHAT" 8>&- 9>&-
}

# Sets PROVIDER to key, local or standin.
choose_provider() {
  local with="${CHATVIM_TRY_WITH:-}"
  case "$with" in
    '') find_key || find_local_server || PROVIDER=standin ;;
    key) find_key || fail "none of these is set: ${KEY_VARIABLES[*]}" ;;
    local) find_local_server || fail "no local server answers on the ports 11434, 8080 and 1234" ;;
    standin) PROVIDER=standin ;;
    *) fail "CHATVIM_TRY_WITH is '$with'; use key, local or standin" ;;
  esac
}

# Keeps the user's own configuration folder, because their config.md may contain more settings for the provider.
find_key() {
  local name
  for name in "${KEY_VARIABLES[@]}"; do
    if [[ -n "${!name:-}" ]]; then
      say "the answer will come from the provider of $name"
      PROVIDER=key
      return 0
    fi
  done
  return 1
}

find_local_server() {
  local server port model
  for server in "${LOCAL_SERVERS[@]}"; do
    port="${server##*:}"
    model="$(first_model "http://127.0.0.1:$port/v1/models")"
    if [[ -n "$model" ]]; then
      say "the answer will come from ${server%:*} on port $port, model $model"
      PROVIDER=local LOCAL_URL="http://127.0.0.1:$port/v1" LOCAL_MODEL="$model"
      return 0
    fi
  done
  return 1
}

# Prints the first chat model of the server at $1, or nothing if no server answers within 300 ms.
first_model() {
  curl --silent --fail --max-time 0.3 --noproxy '*' "$1" 2>/dev/null | tr '{' ',' | tr ',' '\n' |
    sed -nE 's/^[[:space:]]*"id" *: *"([^"\\]+)".*/\1/p' | awk '!/embed/ && !found { found = 1; print }' || true
}

# Starts the stand-in server, which ends with this script.
use_standin() {
  say "the answer comes from the stand-in server on this machine, which repeats the question in the same event stream
  as a provider. For a real one set its key, for example OPENAI_API_KEY, or start Ollama; then start again"
  trap stop_standin EXIT
  start_standin "$ROOT/build/release/chatvim-standin" "$TRY"
  write_config "http://$STANDIN_ADDRESS/v1" standin
}

# Writes a configuration for this run only; $1 is the base URL, $2 the model.
write_config() {
  mkdir -p "$TRY/config/chatvim"
  cat >"$TRY/config/chatvim/config.md" <<CONFIG
+++
model = "local/$2"

[providers.local]
api = "chat"
base_url = "$1"
+++
CONFIG
  export XDG_CONFIG_HOME="$TRY/config"
}

main "$@"
