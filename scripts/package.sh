#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `make package`: package.sh BUILD_FOLDER STANDIN. Makes the packages and tries each in a folder of its own: the program
# alone, in a real Neovim that knows no other folder of plugins, and, as root, with nothing but its libraries around it.
# Expects scripts/env.sh sourced, the folder built with the preset package, and the stand-in server.
set -euo pipefail
# shellcheck source=lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=lib/standin.sh
source "$ROOT/scripts/lib/standin.sh"
BUILD="$(cd "$1" && pwd -P)"
STANDIN="$2"
# The newest version of the C library that the program may ask for; Debian 12 and Ubuntu 23.04 have it.
NEWEST_GLIBC=2.36
# What the program may ask a system for beside the C library.
LIBRARIES='libcurl\.so\.4|libm\.so\.6|libc\.so\.6|ld-linux.*|libpthread\.so\.0'

TRIAL="$(mktemp -d)"
finish() {
  stop_standin
  rm -rf "$TRIAL"
}
trap finish EXIT

write_config() {
  mkdir -p "$TRIAL/config/chatvim"
  printf '+++\nmodel = "local/m"\n[providers.local]\nbase_url = "http://%s/v1"\n+++\n' "$STANDIN_ADDRESS" \
    >"$TRIAL/config/chatvim/config.md"
}

# What the program $1 needs of a system.
check_needs() {
  local needed glibc
  needed="$(objdump -p "$1" | sed -nE 's/^ *NEEDED +//p')"
  if grep -vxE "$LIBRARIES" <<<"$needed" >&2; then fail "the program needs more than libcurl and the C library"; fi
  glibc="$(objdump -T "$1" | sed -nE 's/.*\(?GLIBC_([0-9.]+)\)?.*/\1/p' | sort -Vu | tail -n 1)"
  [[ "$(printf '%s\n' "$glibc" "$NEWEST_GLIBC" | sort -V | tail -n 1)" == "$NEWEST_GLIBC" ]] ||
    fail "the program needs version $glibc of the C library, more than $NEWEST_GLIBC"
  say "it needs $(tr '\n' ' ' <<<"$needed"); the C library from version $glibc on"
}

# The command line tool of the folder $1 answers, in an environment with nothing in it.
try_program() {
  local answer
  env -i "$1/bin/chatvim" --version | sed 's/^/  /' >&2
  answer="$(env -i HOME="$TRIAL" XDG_CONFIG_HOME="$TRIAL/config" "$1/bin/chatvim" complete "sounds good")"
  [[ "$answer" == *"sounds good"* ]] || fail "the program of the package answers: $answer"
}

# The plugin of the folder $1 finds its program and its help, though neither is on a path.
try_neovim() {
  local nvim
  for nvim in "$CHATVIM_NVIM" "$CHATVIM_NVIM_OLD"; do
    if [[ -z "$nvim" ]]; then continue; fi
    env -i HOME="$TRIAL" PATH=/nowhere XDG_CONFIG_HOME="$TRIAL/config" XDG_DATA_DIRS="$1/share" \
      XDG_STATE_HOME="$TRIAL/state" "$nvim" --headless --clean -n -i NONE -S "$ROOT/tests/package.lua" \
      </dev/null >&2 || fail "the package does not work in $("$nvim" --version | head -n 1)"
  done
}

# The program of the folder $1 in a root that holds nothing but it and its libraries.
try_empty_root() {
  local root="$TRIAL/root" library
  if [[ "$(id -u)" -ne 0 ]]; then
    say "an empty root was NOT tried: that needs the superuser"
    return 0
  fi
  mkdir -p "$root/home"
  cp -r "$1/bin" "$TRIAL/config" "$root/"
  ldd "$1/bin/chatvim" | grep -oE '/[^ ]+' | while IFS= read -r library; do
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
  done
  [[ "$(env -i HOME=/home XDG_CONFIG_HOME=/config "$(command -v chroot)" "$root" /bin/chatvim complete "in an empty root")" \
    == *"in an empty root"* ]] || fail "the program does not work in an empty root"
  say "it works in an empty root, with its libraries alone"
  rm -rf "$root"
}

try_folder() {
  check_needs "$1/bin/chatvim"
  try_program "$1"
  try_neovim "$1"
  try_empty_root "$1"
}

start_standin "$STANDIN" "$TRIAL"
write_config
rm -rf "$BUILD/packages"
(cd "$BUILD" && cpack -B "$BUILD/packages" >"$BUILD/cpack.log") || fail "cpack: see $BUILD/cpack.log"
for package in "$BUILD"/packages/*.tar.gz; do
  say "trying $package"
  mkdir "$TRIAL/tar"
  tar -xzf "$package" -C "$TRIAL/tar" --strip-components=1
  try_folder "$TRIAL/tar"
done
if have dpkg-deb; then
  for package in "$BUILD"/packages/*.deb; do
    say "trying $package: $(dpkg-deb -f "$package" Depends)"
    dpkg-deb -x "$package" "$TRIAL/deb"
    try_folder "$TRIAL/deb/usr"
  done
fi
say "made and tried: $(find "$BUILD/packages" -maxdepth 1 -type f -printf '%f (%k KiB) ')"
