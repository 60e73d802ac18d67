#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `make package`: package.sh BUILD_FOLDER STANDIN. Makes the packages and tries each in a folder of its own: the
# program alone; in a real Neovim that has no other plugin folder; and, as root, in otherwise empty root folders with
# the C libraries of several systems. Expects scripts/env.sh sourced, the program built (scripts/release.sh asset),
# and the stand-in server.
set -euo pipefail
# shellcheck source=lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=lib/standin.sh
source "$ROOT/scripts/lib/standin.sh"
# shellcheck source=lib/portable.sh
source "$ROOT/scripts/lib/portable.sh"
BUILD="$(cd "$1" && pwd -P)"
STANDIN="$2"

TRIAL="$(mktemp -d)"
finish() {
  stop_standin
  rm -rf "$TRIAL"
}
trap finish EXIT

# Writes a configuration for the stand-in server; $1 is http or https.
write_config() {
  mkdir -p "$TRIAL/config/chatvim"
  printf '+++\nmodel = "local/m"\n[providers.local]\nbase_url = "%s://%s/v1"\n+++\n' "$1" "$STANDIN_ADDRESS" \
    >"$TRIAL/config/chatvim/config.md"
}

# Checks that the command line tool in the folder $1 answers with an empty environment.
try_program() {
  local answer
  env -i "$1/bin/chatvim" --version | sed 's/^/  /' >&2
  answer="$(env -i HOME="$TRIAL" XDG_CONFIG_HOME="$TRIAL/config" "$1/bin/chatvim" complete "sounds good")"
  [[ "$answer" == *"sounds good"* ]] || fail "the program of the package answers: $answer"
}

# Checks that the plugin in the folder $1 finds its program and its help, though neither is on a path.
try_neovim() {
  local nvim
  for nvim in "$CHATVIM_NVIM" "$CHATVIM_NVIM_OLD"; do
    if [[ -z "$nvim" ]]; then continue; fi
    env -i HOME="$TRIAL" PATH=/nowhere XDG_CONFIG_HOME="$TRIAL/config" XDG_DATA_DIRS="$1/share" \
      XDG_STATE_HOME="$TRIAL/state" "$nvim" --headless --clean -n -i NONE -S "$ROOT/tests/package.lua" \
      </dev/null >&2 || fail "the package does not work in $("$nvim" --version | head -n 1)"
  done
}

# Prints the folders of all available C libraries: this system's, that of the release the program is built for, and
# those that the Neovims in .deps brought from newer releases.
c_libraries() {
  local folder
  dirname "$(ldd "$1" | sed -nE 's/.*libc\.so\.6 => ([^ ]+).*/\1/p')"
  for folder in "$DEPS"/portable/lib/*-linux-gnu "$DEPS"/nvim-*/usr/lib/*-linux-gnu; do
    if [[ -e "$folder/libc.so.6" ]]; then printf '%s\n' "$folder"; fi
  done
}

# Fills the root folder $TRIAL/root with the program from the folder $1 and the C library in the folder $2.
fill_root() {
  local root="$TRIAL/root" loader library folder
  loader="$(readelf -l "$1/bin/chatvim" | sed -nE 's/.*program interpreter: (.*)\]/\1/p')"
  folder="$root/lib/$(basename "$2")"
  rm -rf "$root"
  mkdir -p "$root/home" "$root/etc" "$root$(dirname "$loader")" "$folder"
  cp -r "$1/bin" "$TRIAL/config" "$root/"
  cp -L "$2/$(basename "$loader")" "$root$loader"
  for library in c m dl pthread resolv nss_files nss_dns; do
    cp -L "$2/lib$library.so".[0-9]* "$folder/" 2>/dev/null || true
  done
  printf '127.0.0.1 localhost\n' >"$root/etc/hosts"
}

# Runs the program in $TRIAL/root and prints its answer to $1. Further arguments are environment variables.
ask_in_root() {
  env -i HOME=/home XDG_CONFIG_HOME=/config "${@:2}" "$(command -v chroot)" "$TRIAL/root" /bin/chatvim complete "$1"
}

# Tries the program from the folder $1 in root folders that hold nothing but the program and a C library.
try_empty_roots() {
  local libraries
  if [[ "$(id -u)" -ne 0 ]]; then
    say "empty roots were NOT tried: that needs the superuser"
    return 0
  fi
  while IFS= read -r libraries; do
    fill_root "$1" "$libraries"
    [[ "$(ask_in_root "in an empty root")" == *"in an empty root"* ]] ||
      fail "the program does not work in an empty root with the C library of $libraries"
    say "it works in an empty root with $(strings "$libraries/libc.so.6" | grep -m 1 '^GNU C Library')"
  done < <(c_libraries "$1/bin/chatvim")
}

# Checks that the program in the folder $1 finds certificates at each path listed in src/http, and reports missing
# ones.
try_certificates() {
  local root="$TRIAL/root" place answer count=0
  if [[ "$(id -u)" -ne 0 ]]; then return 0; fi
  stop_standin
  start_standin "$STANDIN" "$TRIAL" --tls --write-ca "$TRIAL/ca.pem"
  write_config https
  fill_root "$1" "$(c_libraries "$1/bin/chatvim" | head -n 1)"
  answer="$(ask_in_root "without certificates" 2>&1 || true)"
  [[ "$answer" == *"install ca-certificates"* ]] || fail "without certificates the program says: $answer"
  while IFS= read -r place; do
    mkdir -p "$root$(dirname "$place")"
    cp "$TRIAL/ca.pem" "$root$place"
    [[ "$(ask_in_root "over TLS")" == *"over TLS"* ]] || fail "the program does not find certificates in $place"
    rm "$root$place"
    count=$((count + 1))
  done < <(sed -nE 's/^ *"(\/[^"]+)",.*/\1/p' "$ROOT/src/http/certificates.cpp")
  [[ "$count" -gt 0 ]] || fail "src/http/certificates.cpp names no places"
  say "it finds the certificates in each of $count places"
}

# Checks that the folder $1 has the manual page and the completion of each shell.
try_scripts() {
  local file
  for file in man/man1/chatvim.1 bash-completion/completions/chatvim zsh/site-functions/_chatvim \
    fish/vendor_completions.d/chatvim.fish; do
    [[ -s "$1/share/$file" ]] || fail "the package has no share/$file"
  done
}

try_folder() {
  check_needs "$1/bin/chatvim"
  try_scripts "$1"
  try_program "$1"
  try_neovim "$1"
  try_empty_roots "$1"
}

start_standin "$STANDIN" "$TRIAL"
write_config http
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
try_certificates "$TRIAL/tar"
say "made and tried: $(find "$BUILD/packages" -maxdepth 1 -type f -printf '%f (%k KiB) ')"
