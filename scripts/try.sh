#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `make try`: installs what is missing, builds, and opens Neovim on a copy of examples/hello.md with the plugin
# loaded. Without a terminal it completes the copy headless and prints the resulting document.
# Whom it talks to: a provider whose key is in the environment; else a local server that answers on its usual port;
# else the stand-in server, which repeats the question. CHATVIM_TRY_WITH=key|local|standin chooses.
# Works with the bash 3.2 of macOS.
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

main() {
  # Only the document goes to standard output.
  make --no-print-directory -C "$ROOT" build >&2
  # shellcheck source=env.sh
  source "$ROOT/scripts/env.sh"
  mkdir -p "$TRY"
  cp "$ROOT/examples/hello.md" "$CHAT"
  choose_provider
  if [[ -t 0 && -t 1 ]]; then
    open_chat -c 'normal! G' -c "echo 'The command :ChatvimComplete answers the last question'"
  else
    open_chat --headless -c "luafile $ROOT/scripts/try.lua" >&2 </dev/null
    cat "$CHAT"
  fi
}

# Neovim without the user's own configuration, so that what is tried is Chatvim. The descriptors are the stand-in's.
open_chat() {
  CHATVIM_ROOT="$ROOT" "$CHATVIM_TRY_NVIM" --clean -n -i NONE \
    --cmd 'lua vim.opt.runtimepath:prepend(vim.env.CHATVIM_ROOT)' \
    --cmd 'lua pcall(vim.cmd.helptags, vim.env.CHATVIM_ROOT .. "/doc")' "$@" "$CHAT" 8>&- 9>&-
}

choose_provider() {
  local with="${CHATVIM_TRY_WITH:-}"
  case "$with" in
    '') use_key || use_local_server || use_standin ;;
    key) use_key || fail "none of these is set: ${KEY_VARIABLES[*]}" ;;
    local) use_local_server || fail "no local server answers on the ports 11434, 8080 and 1234" ;;
    standin) use_standin ;;
    *) fail "CHATVIM_TRY_WITH is '$with', not key, local or standin" ;;
  esac
}

# The user's own configuration folder stays in force: their config.md may say more about the provider.
use_key() {
  local name
  for name in "${KEY_VARIABLES[@]}"; do
    if [[ -n "${!name:-}" ]]; then
      say "talking to the provider of $name"
      return 0
    fi
  done
  return 1
}

use_local_server() {
  local server port model
  for server in "${LOCAL_SERVERS[@]}"; do
    port="${server##*:}"
    model="$(first_model "http://127.0.0.1:$port/v1/models")"
    if [[ -n "$model" ]]; then
      say "talking to ${server%:*} on port $port, model $model"
      write_config "http://127.0.0.1:$port/v1" "$model"
      return 0
    fi
  done
  return 1
}

# Prints the first model that the server at $1 has for chats, or nothing if none answers within 300 ms.
first_model() {
  curl --silent --fail --max-time 0.3 --noproxy '*' "$1" 2>/dev/null | tr '{' ',' | tr ',' '\n' |
    sed -nE 's/^[[:space:]]*"id" *: *"([^"\\]+)".*/\1/p' | awk '!/embed/ && !found { found = 1; print }' || true
}

# The server ends with this script.
use_standin() {
  say "no provider's key (${KEY_VARIABLES[*]}) and no local server: talking to the stand-in server on loopback,"
  say "which repeats the question, through the same HTTP and event stream as a provider"
  trap stop_standin EXIT
  start_standin "$ROOT/build/release/chatvim-standin" "$TRY"
  write_config "http://$STANDIN_ADDRESS/v1" standin
}

# A configuration for this run only: $1 the base URL, $2 the model.
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
