# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Debian and Ubuntu: installs packages of the system, and unpacks packages of other Debian releases into .deps/
# without changing the system's own sources and packages.
# shellcheck disable=SC2034,SC1091 # the lists are used by scripts that source this; /etc/os-release is the system's

# Needed by the scripts; a new system may lack them.
SCRIPT_PACKAGES=(git ca-certificates curl)
# Needed by the stand-in server in addition to the build.
STANDIN_PACKAGES=(libssl-dev)
# Needed by the tests and the benchmarks in addition.
TEST_PACKAGES=(openssl procps librapidcheck-dev patchelf zsh fish mandoc groff-base cmark)
# Needed by `make soak` in addition.
SOAK_PACKAGES=(valgrind)
# Needed by `make sanitize` in addition; on Ubuntu 22.04 the package clang includes the sanitizers' runtime.
SANITIZER_PACKAGES=(clang libclang-rt-dev llvm)
# Needed by `make package` and scripts/release.sh in addition.
PACKAGE_PACKAGES=(binutils clang dpkg-dev file perl xz-utils)
# Needed by `make check` in addition; clang-tidy brings run-clang-tidy, clang its own headers.
CHECK_PACKAGES=(clang clang-format clang-tidy lua-check shellcheck)

APT_UPDATED=no

# Whether commands can run as root; never asks for a password without a terminal.
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
  # Continue despite a broken third-party source: if a package is missing, the installation below reports it.
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq -o DPkg::Lock::Timeout=120 </dev/null >&2 ||
    say "apt-get update reported errors; continuing with the package lists available"
}

# Prints the given packages of which no alternative name is installed.
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

# Installs the missing packages among those given; does not call apt if all are installed.
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
      say "this system has no package ${entry//|/ or }: CMake will look for the library elsewhere"
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

# Prints the URLs of Debian's archive in the system's own sources, as apt itself reads them.
debian_mirrors() {
  local release
  release="$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-sid}")"
  apt-get --print-uris update 2>/dev/null |
    sed -nE "s#^'(.*)/dists/($release|sid|unstable|testing|stable|oldstable|oldoldstable)/InRelease'.*#\1#p" |
    awk '!seen[$0]++'
}

# Whether this is Debian and its sources include Debian's archive, so that packages of other releases are available.
have_debian_mirror() {
  [[ -n "$(debian_mirrors)" ]] && [[ "$(. /etc/os-release && printf '%s' "${ID:-}")" == debian ]]
}

# Prints the URL of the archive of Debian's security updates, if the system's own sources include it.
debian_security_mirror() {
  apt-get --print-uris update 2>/dev/null |
    sed -nE "s#^'(.*)/dists/[a-z]+-security/InRelease'.*#\1#p" | head -n 1
}

# Prints an apt source: packages of the types $1 (deb, deb-src) of suite $3 of the mirror $2.
apt_source() {
  local keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  printf 'Types: %s\nURIs: %s\nSuites: %s\nComponents: main\n' "$@"
  [[ ! -e "$keyring" ]] || printf 'Signed-By: %s\n' "$keyring"
  # A mirror of sid, which changes all the time, may lag behind; the signature is still checked.
  [[ "$3" != sid ]] || printf 'Check-Valid-Until: no\n'
  printf '\n'
}

# Prepares the folder $1 so that apt, used with its apt.conf, reads only release $3 of the mirror $2, checks its
# signature and installs nothing: it has its own source, lists and database of installed packages. If $4 is "sources",
# apt reads source packages too, and the release's security updates of both kinds if the system's own sources include
# their archive.
private_apt_prepare() {
  local dir="$1" mirror="$2" release="$3" types=deb security=
  if [[ "${4:-}" == sources ]]; then
    types="deb deb-src"
    security="$(debian_security_mirror)"
  fi
  mkdir -p "$dir/lists/partial" "$dir/archives/partial" "$dir/etc"
  : >"$dir/status"
  apt_source "$types" "$mirror" "$release" >"$dir/release.sources"
  if [[ -n "$security" ]]; then apt_source "$types" "$security" "$release-security" >>"$dir/release.sources"; fi
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
  # apt's download user cannot write here; the files are root's own anyway.
  [[ "$(id -u)" -ne 0 ]] || printf 'APT::Sandbox::User "root";\n' >>"$dir/apt.conf"
  apt-get -c "$dir/apt.conf" -qq update </dev/null >&2
}

# Prepares the folder $1 with release $2 from the first system mirror that has it; $3 is $4 of private_apt_prepare.
open_debian_release() {
  local dir="$1" mirror
  for mirror in $(debian_mirrors); do
    rm -rf "$dir"
    if private_apt_prepare "$dir" "$mirror" "$2" "${3:-}"; then return 0; fi
  done
  say "no source in apt's settings has Debian's release $2"
  return 1
}

# Downloads package $3 of Debian release $2 and all its dependencies, which apt checks against the signed lists, and
# unpacks them into $1/root. If $4 is "alone", only the package itself. Prints the package's version.
unpack_debian_package() {
  local dir="$1" release="$2" package="$3" alone="${4:-}"
  open_debian_release "$dir" "$release" || return 1
  if [[ -n "$alone" ]]; then
    download_archive "$dir" "$package" || return 1
  else
    # The database of installed packages is empty, so this downloads every library, including the C library.
    apt-get -c "$dir/apt.conf" -qq -y --download-only install "$package" </dev/null >&2 || return 1
  fi
  unpack_archives "$dir" "$dir/root" || return 1
  apt-cache -c "$dir/apt.conf" policy "$package" | sed -nE 's/^ *Candidate: *(.*)/\1/p'
}

# Unpacks all packages downloaded with the private apt in $1 into the folder $2.
unpack_archives() {
  local deb
  mkdir -p "$2"
  for deb in "$1"/archives/*.deb; do
    dpkg -x "$deb" "$2" || return 1
  done
}

# Downloads only the package $2, in version $3 if given, with the private apt in $1.
download_archive() {
  (cd "$1/archives" && apt-get -c "$1/apt.conf" -qq download "$2${3:+=$3}") >&2
}

# Downloads the source of the package $2 in version $3 into $1/source-$2.
download_source() {
  rm -rf "$1/source-$2"
  mkdir -p "$1/source-$2"
  (cd "$1/source-$2" && apt-get -c "$1/apt.conf" -qq --only-source --download-only source "$2=$3") >&2
}

# Calls the command $1 (download_archive or download_source) with the newest version of the package $3. A mirror may
# list a version before it has the files; then the previous version is used, unless CHATVIM_NEWEST_LIBRARIES is set.
download_newest() {
  local command="$1" dir="$2" package="$3" version
  while IFS= read -r version; do
    if "$command" "$dir" "$package" "$version"; then return 0; fi
    [[ -z "${CHATVIM_NEWEST_LIBRARIES:-}" ]] || return 1
    say "the mirror lists $package $version but does not have it; trying the version before it"
  done < <(apt-cache -c "$dir/apt.conf" madison "$package" | awk -F ' *[|] *' '!seen[$2]++ { print $2 }')
  return 1
}

# Unpacks the newest source of each package in $2…, with Debian's patches applied, into $1/PACKAGE and prints a line
# "PACKAGE VERSION" for each. $1 is a folder prepared by open_debian_release with "sources".
unpack_debian_sources() {
  local dir="$1" package description
  shift
  for package in "$@"; do
    download_newest download_source "$dir" "$package" || return 1
    description="$(find "$dir/source-$package" -name '*.dsc')"
    # apt has already checked the files against the signed lists.
    dpkg-source --no-check -x "$description" "$dir/$package" >&2 || return 1
    printf '%s %s\n' "$package" "$(sed -nE 's/^Version: *(.*)/\1/p' "$description" | tail -n 1)"
  done
}
