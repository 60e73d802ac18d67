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
# What `make package` and scripts/release.sh need on top.
PACKAGE_PACKAGES=(binutils clang dpkg-dev file perl xz-utils)
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

# Whether this is Debian and its sources have Debian's archive, so that packages of other releases can be had.
have_debian_mirror() {
  [[ -n "$(debian_mirrors)" ]] && [[ "$(. /etc/os-release && printf '%s' "${ID:-}")" == debian ]]
}

# Prints the address of the archive with Debian's security updates, if the system's own sources have it.
debian_security_mirror() {
  apt-get --print-uris update 2>/dev/null |
    sed -nE "s#^'(.*)/dists/[a-z]+-security/InRelease'.*#\1#p" | head -n 1
}

# Prints a source for apt: packages of the types $1 (deb, deb-src) of suite $3 of the mirror $2.
apt_source() {
  local keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  printf 'Types: %s\nURIs: %s\nSuites: %s\nComponents: main\n' "$@"
  [[ ! -e "$keyring" ]] || printf 'Signed-By: %s\n' "$keyring"
  # A mirror of the ever moving release may lag; its signature is checked all the same.
  [[ "$3" != sid ]] || printf 'Check-Valid-Until: no\n'
  printf '\n'
}

# Prepares the folder $1 so that apt reads only release $3 of the mirror $2 there, checks its signature and
# installs nothing: a source, lists and a database of installed packages of its own. With "sources" as $4 it reads source
# packages too, and the release's security updates of both if the system's own sources have their archive.
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
  # The download user of apt cannot write here; the files are root's own anyway.
  [[ "$(id -u)" -ne 0 ]] || printf 'APT::Sandbox::User "root";\n' >>"$dir/apt.conf"
  apt-get -c "$dir/apt.conf" -qq update </dev/null >&2
}

# Prepares the folder $1 with release $2 of the first of the system's mirrors that has it; $3 as $4 above.
open_debian_release() {
  local dir="$1" mirror
  for mirror in $(debian_mirrors); do
    rm -rf "$dir"
    if private_apt_prepare "$dir" "$mirror" "$2" "${3:-}"; then return 0; fi
  done
  say "no source in apt's settings has Debian's release $2"
  return 1
}

# Downloads package $3 of Debian release $2 and all it depends on, checked by apt against the signed lists, and
# unpacks them into $1/root. With "alone" as $4 only the package itself. Prints the package's version.
unpack_debian_package() {
  local dir="$1" release="$2" package="$3" alone="${4:-}"
  open_debian_release "$dir" "$release" || return 1
  if [[ -n "$alone" ]]; then
    download_archive "$dir" "$package" || return 1
  else
    # The database of installed packages is empty, so that this brings every library, the C library included.
    apt-get -c "$dir/apt.conf" -qq -y --download-only install "$package" </dev/null >&2 || return 1
  fi
  unpack_archives "$dir" "$dir/root" || return 1
  apt-cache -c "$dir/apt.conf" policy "$package" | sed -nE 's/^ *Candidate: *(.*)/\1/p'
}

# Unpacks all packages that were downloaded with the private apt in $1 into the folder $2.
unpack_archives() {
  local deb
  mkdir -p "$2"
  for deb in "$1"/archives/*.deb; do
    dpkg -x "$deb" "$2" || return 1
  done
}

# Downloads the package $2 alone, in version $3 if it is given, with the private apt in $1.
download_archive() {
  (cd "$1/archives" && apt-get -c "$1/apt.conf" -qq download "$2${3:+=$3}") >&2
}

# Downloads the source of the package $2 in version $3 into $1/source-$2.
download_source() {
  rm -rf "$1/source-$2"
  mkdir -p "$1/source-$2"
  (cd "$1/source-$2" && apt-get -c "$1/apt.conf" -qq --only-source --download-only source "$2=$3") >&2
}

# Calls the command $1 as download_archive or download_source, above, with the newest version of the package $3. A mirror
# may list a version before it has the files: then the version before it is used, unless CHATVIM_NEWEST_LIBRARIES is set.
download_newest() {
  local command="$1" dir="$2" package="$3" version
  while IFS= read -r version; do
    if "$command" "$dir" "$package" "$version"; then return 0; fi
    [[ -z "${CHATVIM_NEWEST_LIBRARIES:-}" ]] || return 1
    say "the mirror lists $package $version but does not have it; trying the version before it"
  done < <(apt-cache -c "$dir/apt.conf" madison "$package" | awk -F ' *[|] *' '!seen[$2]++ { print $2 }')
  return 1
}

# Unpacks the newest source of each package in $2…, with Debian's patches, into $1/PACKAGE and prints a line
# "PACKAGE VERSION" for each. $1 is a folder that open_debian_release has prepared with "sources".
unpack_debian_sources() {
  local dir="$1" package description
  shift
  for package in "$@"; do
    download_newest download_source "$dir" "$package" || return 1
    description="$(find "$dir/source-$package" -name '*.dsc')"
    # apt has checked the files against the signed lists.
    dpkg-source --no-check -x "$description" "$dir/$package" >&2 || return 1
    printf '%s %s\n' "$package" "$(sed -nE 's/^Version: *(.*)/\1/p' "$description" | tail -n 1)"
  done
}
