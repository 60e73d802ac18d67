# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Starts and stops the stand-in server for scripts that need a provider. Source after common.sh.
# shellcheck disable=SC2034 # the address is used by scripts that source this

STANDIN_PID=
STANDIN_ADDRESS=

# Starts the program $1 on a free loopback port, with pipes in the folder $2; further arguments are passed on. The
# server ends with stop_standin, or when its standard input closes.
start_standin() {
  local line
  rm -f "$2/standin.in" "$2/standin.out"
  mkfifo "$2/standin.in" "$2/standin.out"
  exec 8<>"$2/standin.in" 9<>"$2/standin.out"
  "$1" --port 0 "${@:3}" <"$2/standin.in" >"$2/standin.out" 8>&- 9>&- &
  STANDIN_PID=$!
  read -t 10 -r line <&9 || fail "the stand-in server did not start"
  [[ "$line" == 'listening on '* ]] || fail "unexpected output of the stand-in server: $line"
  STANDIN_ADDRESS="${line#listening on }"
}

stop_standin() {
  [[ -n "$STANDIN_PID" ]] || return 0
  kill "$STANDIN_PID" 2>/dev/null || true
  wait "$STANDIN_PID" 2>/dev/null || true
}
