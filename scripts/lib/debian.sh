# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Debian and Ubuntu: packages of the system, and packages of other Debian releases unpacked into .deps/,
# which leaves the system's own sources and packages as they are.
# shellcheck disable=SC2034,SC1091 # the lists are for who sources this; /etc/os-release is the system's

# What the scripts need that a new system may lack.
SCRIPT_PACKAGES=(git ca-certificates curl)
# What the stand-in server needs on top of the build.
STANDIN_PACKAGES=(libssl-dev)
# What the tests need on top, and the benchmarks with them.
TEST_PACKAGES=(openssl procps librapidcheck-dev patchelf)
# What `make soak` needs on top.
SOAK_PACKAGES=(valgrind)
# What `make sanitize` needs on top; Ubuntu 22.04 has the runtime of clang's sanitizers in clang's own package.
SANITIZER_PACKAGES=(clang libclang-rt-dev llvm)
# What `make package` needs on top.
PACKAGE_PACKAGES=(binutils dpkg-dev file)
# What `make check` needs on top; clang-tidy brings run-clang-tidy, clang its own headers.
CHECK_PACKAGES=(clang clang-format clang-tidy lua-check shellcheck)

APT_UPDATED=no

# Whether commands can be run as root, without asking where nobody could answer.
can_be_root() {
  [[ "$(id -u)" -eq 0 ]] || { have sudo && { sudo -n true 2>/dev/null || [[ -t 0 ]]; }; }
}

as_root() {
  if [[ "$(id -u)" -eq 0 ]]; then "$@"; else sudo "$@"; fi
}

# Whether apt can install $1 from the system's sources.
available() {
  [[ -n "$(apt-cache policy "$1" 2>/dev/null | sed -nE 's/^ *Candidate: *([0-9].*)/\1/p')" ]]
}

apt_update_once() {
  [[ "$APT_UPDATED" == no ]] || return 0
  APT_UPDATED=yes
  say "reading the package lists (apt-get update)"
  # A broken third source must not stop us: if a package cannot be had, the installation below says so.
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq -o DPkg::Lock::Timeout=120 </dev/null >&2 ||
    say "apt-get update reported errors; going on with the lists at hand"
}

# Prints those of the packages named that are not installed under any of their names.
missing_packages() {
  local entry name found
  local installed_now
  installed_now=" $(dpkg-query -W -f='${db:Status-Status}:${Package} ' 2>/dev/null) "
  for entry in "$@"; do
    found=no
    for name in ${entry//|/ }; do
      [[ "$installed_now" == *" installed:$name "* ]] && found=yes
    done
    [[ "$found" == yes ]] || printf '%s\n' "$entry"
  done
}

# Installs those of the packages named that are missing; asks apt nothing when all are there.
install_packages() {
  local entry name chosen missing=() wanted=()
  mapfile -t missing < <(missing_packages "$@")
  [[ ${#missing[@]} -gt 0 ]] || return 0
  can_be_root || fail "packages are missing and installing them needs root. Run this, then start again:
  sudo apt-get update && sudo apt-get install --no-install-recommends ${missing[*]%%|*}"
  apt_update_once
  for entry in "${missing[@]}"; do
    chosen=
    for name in ${entry//|/ }; do
      if [[ -z "$chosen" ]] && available "$name"; then chosen="$name"; fi
    done
    if [[ -n "$chosen" ]]; then
      wanted+=("$chosen")
    else
      say "this system has no package ${entry//|/ or }: CMake looks for the library elsewhere"
    fi
  done
  [[ ${#wanted[@]} -gt 0 ]] || return 0
  say "installing with apt-get: ${wanted[*]}"
  mkdir -p "$DEPS"
  if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
    -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "${wanted[@]}" </dev/null >"$DEPS/apt.log" 2>&1; then
    cat "$DEPS/apt.log" >&2
    fail "apt-get could not install: ${wanted[*]}"
  fi
}

# Prints the addresses under which the system's own sources have Debian's archive, as apt itself reads them.
debian_mirrors() {
  local release
  release="$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-sid}")"
  apt-get --print-uris update 2>/dev/null |
    sed -nE "s#^'(.*)/dists/($release|sid|unstable|testing|stable|oldstable|oldoldstable)/InRelease'.*#\1#p" |
    awk '!seen[$0]++'
}

# Prepares the folder $1 so that apt reads only release $3 of the mirror $2 there, checks its signature and
# installs nothing: a source, lists and a database of installed packages of its own.
private_apt_prepare() {
  local dir="$1" mirror="$2" release="$3" keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  mkdir -p "$dir/lists/partial" "$dir/archives/partial" "$dir/etc"
  : >"$dir/status"
  {
    printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\n' "$mirror" "$release"
    [[ ! -e "$keyring" ]] || printf 'Signed-By: %s\n' "$keyring"
    # A mirror of the ever moving release may lag; its signature is checked all the same.
    [[ "$release" != sid ]] || printf 'Check-Valid-Until: no\n'
  } >"$dir/release.sources"
  cat >"$dir/apt.conf" <<CONF
Dir::Etc::SourceList "$dir/release.sources";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State "$dir";
Dir::State::Lists "$dir/lists";
Dir::State::status "$dir/status";
Dir::Cache "$dir";
Dir::Cache::Archives "$dir/archives";
Acquire::Languages "none";
Acquire::Retries "3";
APT::Install-Recommends "false";
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Post-Invoke;
CONF
  # The download user of apt cannot write here; the files are root's own anyway.
  [[ "$(id -u)" -ne 0 ]] || printf 'APT::Sandbox::User "root";\n' >>"$dir/apt.conf"
  apt-get -c "$dir/apt.conf" -qq update </dev/null >&2
}

# Downloads package $3 of Debian release $2 and all it depends on, checked by apt against the signed lists, and
# unpacks them into $1/root. With "alone" as $4 only the package itself. Prints the package's version.
unpack_debian_package() {
  local dir="$1" release="$2" package="$3" alone="${4:-}" mirror prepared=no deb
  for mirror in $(debian_mirrors); do
    rm -rf "$dir"
    if private_apt_prepare "$dir" "$mirror" "$release"; then
      prepared=yes
      break
    fi
  done
  if [[ "$prepared" == no ]]; then
    say "no source in apt's settings has Debian's release $release"
    return 1
  fi
  if [[ -n "$alone" ]]; then
    (cd "$dir/archives" && apt-get -c "$dir/apt.conf" -qq download "$package") >&2 || return 1
  else
    # The database of installed packages is empty, so that this brings every library, the C library included.
    apt-get -c "$dir/apt.conf" -qq -y --download-only install "$package" </dev/null >&2 || return 1
  fi
  mkdir -p "$dir/root"
  for deb in "$dir"/archives/*.deb; do
    dpkg -x "$deb" "$dir/root" || return 1
  done
  apt-cache -c "$dir/apt.conf" policy "$package" | sed -nE 's/^ *Candidate: *(.*)/\1/p'
}
