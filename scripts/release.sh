#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the files of a release. Expects scripts/env.sh sourced and `scripts/setup.sh --with-packages` run (on macOS
# `scripts/setup.sh`).
#   release.sh asset             builds the self-contained program of this platform into build/release-assets/
#   release.sh try STANDIN       has that program answer a chat from the stand-in server
#   release.sh list DIR VERSION [NAME…]
#                                writes data/release.txt from the assets in DIR: all platforms, or only those named
#   release.sh sources           prints the digest of the program's sources
# build.lua reads data/release.txt: the version, that digest, and the SHA-256, size and name of each asset.
set -euo pipefail
# shellcheck source=lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=lib/debian.sh
source "$ROOT/scripts/lib/debian.sh"
# shellcheck source=lib/parts.sh
source "$ROOT/scripts/lib/parts.sh"
# shellcheck source=lib/portable.sh
source "$ROOT/scripts/lib/portable.sh"
# shellcheck source=lib/standin.sh
source "$ROOT/scripts/lib/standin.sh"

ASSETS="$ROOT/build/release-assets"
NAMES=(chatvim-linux-x86_64 chatvim-linux-aarch64 chatvim-macos-arm64 chatvim-macos-x86_64)
# Keeps the download short on a slow line.
MOST_BYTES=9000000

main() {
  case "${1:-}" in
    asset) make_asset ;;
    try)
      [[ $# -eq 2 ]] || usage
      try_asset "$2"
      ;;
    list)
      [[ $# -ge 3 ]] || usage
      shift
      write_list "$@"
      ;;
    sources) sources_digest ;;
    *) usage ;;
  esac
}

usage() { fail "usage: scripts/release.sh asset | try STANDIN | list DIR VERSION [NAME…] | sources"; }

asset_name() {
  local system
  case "$(uname -s)" in
    Linux) system=linux ;;
    Darwin) system=macos ;;
    *) fail "releases have no program for $(uname -s)" ;;
  esac
  printf 'chatvim-%s-%s' "$system" "$(uname -m)"
}

make_asset() {
  local asset
  asset="$ASSETS/$(asset_name)"
  build_portable_program
  check_needs "$PORTABLE_BUILD/chatvim"
  mkdir -p "$ASSETS"
  strip -o "$asset" "$PORTABLE_BUILD/chatvim"
  cp "$DEPS/portable/licenses.txt" "$ASSETS/third-party-licenses.txt"
  [[ "$(size_of "$asset")" -lt "$MOST_BYTES" ]] ||
    fail "$asset has $(size_of "$asset") bytes; the limit is $MOST_BYTES"
  env -i "$asset" --version >&2 || fail "$asset does not start"
  say "made $asset: $(size_of "$asset") bytes"
}

try_asset() {
  local answer
  TRIAL="$(mktemp -d)"
  trap 'stop_standin; rm -rf "$TRIAL"' EXIT
  start_standin "$1" "$TRIAL"
  mkdir -p "$TRIAL/chatvim"
  printf '+++\nmodel = "local/m"\n[providers.local]\nbase_url = "http://%s/v1"\n+++\n' "$STANDIN_ADDRESS" \
    >"$TRIAL/chatvim/config.md"
  answer="$(env -i HOME="$TRIAL" XDG_CONFIG_HOME="$TRIAL" "$ASSETS/$(asset_name)" complete "sounds good")"
  [[ "$answer" == *"sounds good"* ]] || fail "the program answers: $answer"
  say "$(asset_name) answers"
}

write_list() {
  local folder="$1" version="$2" names=("${NAMES[@]}") name
  shift 2
  if [[ $# -gt 0 ]]; then names=("$@"); fi
  [[ "$version" == "$(project_version)" ]] || fail "the version is $(project_version) in CMakeLists.txt, not $version"
  for name in "${names[@]}"; do
    [[ -f "$folder/$name" ]] || fail "there is no $folder/$name"
  done
  {
    printf '# Programs of a release, made by scripts/release.sh. build.lua compares what it downloads with this list.\n'
    printf 'version %s\nsources %s\n' "$version" "$(sources_digest)"
    for name in "${names[@]}"; do
      printf '%s  %s  %s\n' "$(sha256 <"$folder/$name")" "$(size_of "$folder/$name")" "$name"
    done
  } >"$ROOT/data/release.txt"
  say "wrote data/release.txt"
}

project_version() { sed -nE 's/^project\(chatvim VERSION ([0-9.]+).*/\1/p' "$ROOT/CMakeLists.txt"; }

# Prints the SHA-256 of the lines "SHA-256  PATH" of all files that go into the program, sorted by path. build.lua
# computes the same digest and builds the program if a checkout's sources differ from the release's.
sources_digest() {
  cd "$ROOT"
  {
    find cmake -maxdepth 1 -type f
    find include src -type f
    printf '%s\n' CMakeLists.txt data/models.json
  } | LC_ALL=C sort | tr '\n' '\0' | xargs -0 "${SHA256[@]}" | sha256
}

SHA256=(sha256sum)
if ! have sha256sum; then SHA256=(shasum -a 256); fi

# Prints the SHA-256 of standard input.
sha256() { "${SHA256[@]}" | cut -c 1-64; }

size_of() { wc -c <"$1" | tr -d ' '; }

main "$@"
