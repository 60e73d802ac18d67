# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Makes the part .deps/portable: a sysroot in which the self-contained program is built. It has the C library of an
# old Debian, so that the program runs there and on everything newer. The other libraries come from the Debian release
# that the tests run on: headers, static libraries, and a static build of libcurl. Expects common.sh, debian.sh and
# parts.sh to be sourced.

# The README promises the glibc version of this release; check_needs checks the program against it.
SYSROOT_RELEASE=bullseye
SYSROOT_PACKAGES=(libc6 libc6-dev libcrypt1 linux-libc-dev libgcc-10-dev)

# The newest release whose static libraries link with that C library; newer ones call functions that it lacks.
LIBRARIES_RELEASE=bookworm
GCC=12
STATIC_PACKAGES=("libstdc++-$GCC-dev" "libgcc-$GCC-dev" libssl-dev libnghttp2-dev zlib1g-dev libyaml-cpp-dev)
HEADER_PACKAGES=(nlohmann-json3-dev libmsgpack-cxx-dev libtomlplusplus-dev libexpected-dev libfmt-dev
  libcli11-dev libutfcpp-dev)
# Shared libraries that -dev packages refer to: only the headers are used, but the packages' CMake files check that
# the libraries exist.
SHARED_LIBRARIES='fmt|tomlplusplus|yaml-cpp'

# The build folder of the presets package and package-linux.
# shellcheck disable=SC2153 # set by common.sh
PORTABLE_BUILD="$ROOT/build/package"

# Builds the self-contained program, $PORTABLE_BUILD/chatvim.
build_portable_program() {
  local preset=package-linux options=()
  if [[ "$(uname -s)" == Darwin ]]; then
    preset=package
    make_part portable "yaml-cpp as a static library" build_yaml_cpp_of_brew
    # macOS 13 is the first release whose libcurl has everything the program uses.
    options+=("-DCMAKE_PREFIX_PATH=$DEPS/portable/usr;${CMAKE_PREFIX_PATH:-}" -DCMAKE_OSX_DEPLOYMENT_TARGET=13.0)
  else
    make_portable_part
  fi
  cmake -S "$ROOT" --preset "$preset" "-DCHATVIM_NVIM=${CHATVIM_NVIM:-}" "${options[@]}" >&2
  cmake --build "$PORTABLE_BUILD" -j "$(processors)" --target chatvim >&2
}

processors() { nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2; }

# Prints the glibc version that, according to the README, the program runs on.
promised_glibc() {
  sed -nE 's/.*glibc ([0-9]+\.[0-9]+).*/\1/p' "$ROOT/README.md" | head -n 1
}

# Fails if the program $1 needs anything from the system beyond the C library in the promised version or, on macOS,
# beyond the libraries that are part of the system.
check_needs() {
  local needed glibc promised
  if [[ "$(uname -s)" == Darwin ]]; then
    if otool -L "$1" | tail -n +2 | grep -vE '^\s*(/usr/lib/|/System/)' >&2; then
      fail "the program needs libraries that are not part of macOS"
    fi
    return 0
  fi
  needed="$(objdump -p "$1" | sed -nE 's/^ *NEEDED +//p')"
  if grep -vxE 'lib(c|m|pthread|dl)\.so\.[0-9]+|ld-linux.*' <<<"$needed" >&2; then
    fail "the program needs more than the C library"
  fi
  promised="$(promised_glibc)"
  [[ -n "$promised" ]] || fail "README.md does not say which glibc the program needs"
  glibc="$(objdump -T "$1" | sed -nE 's/.*\(?GLIBC_([0-9.]+)\)?.*/\1/p' | sort -Vu | tail -n 1)"
  [[ "$(printf '%s\n' "$glibc" "$promised" | sort -V | tail -n 1)" == "$promised" ]] ||
    fail "the program needs glibc $glibc; the README promises that $promised is enough"
  say "it needs $(tr '\n' ' ' <<<"$needed")and glibc $glibc; the README promises $promised"
}

# Makes the part if it is missing.
make_portable_part() {
  if ! have_debian_mirror; then
    fail "the self-contained program is built from Debian's packages: run this on Debian, or in a Debian container"
  fi
  make_part portable "libraries for the self-contained program" build_portable_part
}

# $1 is the work folder.
build_portable_part() {
  local work="$1" root="$1/part"
  fill_sysroot "$work" "$root" || return 1
  unpack_debian_sources "$work/libraries" curl >>"$work/versions" || return 1
  build_curl "$work/libraries/curl" "$root" >"$DEPS/portable.log" 2>&1 || {
    tail -n 30 "$DEPS/portable.log" >&2
    say "the complete log is $DEPS/portable.log"
    return 1
  }
  collect_licenses "$work/libraries" "$root" >"$work/licenses.txt"
  rm -rf "$root/usr/share/doc" "$root/usr/share/locale" "$root/usr/share/man" "$root/usr/sbin"
  mv "$work/licenses.txt" "$root/licenses.txt"
  paste -sd ' ' "$work/versions" >"$root/.stamp"
}

# Unpacks the prebuilt packages into the root folder $2; $1 is the work folder.
fill_sysroot() {
  local work="$1" root="$2" name
  open_debian_release "$work/system" "$SYSROOT_RELEASE" || return 1
  for name in "${SYSROOT_PACKAGES[@]}"; do download_archive "$work/system" "$name" || return 1; done
  open_debian_release "$work/libraries" "$LIBRARIES_RELEASE" sources || return 1
  for name in "${STATIC_PACKAGES[@]}" "${HEADER_PACKAGES[@]}" $(shared_libraries "$work/libraries"); do
    download_newest download_archive "$work/libraries" "$name" || return 1
  done
  unpack_archives "$work/system" "$root" && unpack_archives "$work/libraries" "$root" || return 1
  make_links_relative "$root"
  # Debian's msgpack package requires Boost, but the program uses msgpack without it.
  find "$root/usr/lib" -path '*msgpack*.cmake' -exec sed -i '/find_dependency(Boost/d; /Boost::boost/d' {} +
  fit_gcc_to_sysroot "$root" || return 1
  # No exception passes through OpenSSL, so drop its unwind tables, which take half a megabyte.
  find "$root/usr/lib" \( -name libcrypto.a -o -name libssl.a \) -exec objcopy -R .eh_frame {} \; || return 1
  # shellcheck disable=SC2016 # dpkg's own variables
  for name in "${STATIC_PACKAGES[@]}"; do
    dpkg-deb -W --showformat='${Package} ${Version}\n' "$work/libraries/archives/$name"_*.deb
  done >>"$work/versions"
}

# Prints the names of the packages that contain SHARED_LIBRARIES.
shared_libraries() {
  apt-cache -c "$1/apt.conf" depends libfmt-dev libtomlplusplus-dev libyaml-cpp-dev |
    sed -nE "s/^ *Depends: (lib($SHARED_LIBRARIES)[0-9].*)/\1/p"
}

# Adapts GCC's libraries in the root folder $1 to the older C library there: adds the functions that it lacks, and
# uses the unwinder from the C library's release.
fit_gcc_to_sysroot() {
  local gcc
  gcc="$(echo "$1"/usr/lib/gcc/*/"$GCC")"
  cp "$(dirname "$gcc")/10/libgcc_eh.a" "$gcc/libgcc_eh.a" &&
    rm -rf "$(dirname "$gcc")/10" &&
    clang --sysroot="$1" -O2 -fPIE -c "$ROOT/scripts/lib/older_glibc.c" -o "$gcc/older_glibc.o" &&
    ar r "$gcc/libstdc++.a" "$gcc/older_glibc.o"
}

# Makes absolute links, such as usr/lib/…/libm.so -> /lib/…/libm.so.6, relative, since they would lead out of the root
# folder $1.
make_links_relative() {
  local link target
  while IFS= read -r link; do
    target="$1$(readlink "$link")"
    ln -sfn "$(realpath -ms --relative-to="$(dirname "$link")" "$target")" "$link"
  done < <(find "$1" -lname '/*')
}

# Builds a static yaml-cpp on macOS, because Homebrew has only a shared one. $1 is the work folder.
build_yaml_cpp_of_brew() {
  local source
  brew unpack --destdir "$1" yaml-cpp >&2 || return 1
  source="$(find "$1" -maxdepth 1 -type d -name 'yaml-cpp-*')"
  cmake -S "$source" -B "$1/build" -DCMAKE_BUILD_TYPE=Release -DYAML_BUILD_SHARED_LIBS=OFF -DYAML_CPP_BUILD_TESTS=OFF \
    -DYAML_CPP_BUILD_TOOLS=OFF -DYAML_CPP_BUILD_CONTRIB=OFF -DCMAKE_POLICY_VERSION_MINIMUM=3.5 >&2 &&
    cmake --build "$1/build" -j "$(processors)" >&2 &&
    cmake --install "$1/build" --prefix "$1/part/usr" >&2 || return 1
  collect_licenses_of_brew "$source" >"$1/part/licenses.txt"
  printf '%s\n' "$(basename "$source")" >"$1/part/.stamp"
}

# Builds libcurl from the source $1 in the root folder $2 and installs it there, with only HTTP, HTTPS and proxies;
# Debian's build can do much more and needs forty libraries. It has no default certificates, since src/http sets them.
# It does not load the system's OpenSSL configuration, which may name modules that this OpenSSL lacks.
build_curl() {
  local flags="-O2 -fPIE -fstack-protector-strong -D_FORTIFY_SOURCE=2"
  cmake -G Ninja -S "$1" -B "$1/build" -DCMAKE_TOOLCHAIN_FILE="$ROOT/cmake/SysrootToolchain.cmake" \
    -DCHATVIM_SYSROOT="$2" -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=/usr -DCMAKE_INSTALL_LIBDIR=lib \
    -DCMAKE_C_FLAGS="$flags" -DBUILD_SHARED_LIBS=OFF -DBUILD_CURL_EXE=OFF -DBUILD_TESTING=OFF -DENABLE_MANUAL=OFF \
    -DHTTP_ONLY=ON -DENABLE_THREADED_RESOLVER=ON -DCURL_USE_OPENSSL=ON -DUSE_NGHTTP2=ON -DCURL_ZLIB=ON \
    -DCURL_BROTLI=OFF -DCURL_ZSTD=OFF -DUSE_LIBIDN2=OFF -DCURL_USE_LIBPSL=OFF -DCURL_USE_LIBSSH2=OFF \
    -DCURL_CA_BUNDLE=none -DCURL_CA_PATH=none -DCURL_DISABLE_OPENSSL_AUTO_LOAD_CONFIG=ON -DCURL_DISABLE_NTLM=ON -DCURL_DISABLE_ALTSVC=ON \
    -DCURL_DISABLE_HSTS=ON -DCURL_DISABLE_COOKIES=ON -DCURL_DISABLE_NETRC=ON -DCURL_DISABLE_DOH=ON \
    -DCURL_DISABLE_MIME=ON -DENABLE_UNIX_SOCKETS=OFF &&
    cmake --build "$1/build" -j "$(processors)" &&
    DESTDIR="$2" cmake --install "$1/build" &&
    rm -rf "$2/usr/lib/cmake/CURL" # CMake's own FindCURL asks for less
}

# Prints the licenses of everything linked into the program, to be distributed with it.
collect_licenses() {
  local sources="$1" root="$2" file owner
  for file in "$sources"/*/debian/copyright "$root"/usr/share/doc/*-dev/copyright; do
    [[ "$file" != */libc6-dev/* && "$file" != */linux-libc-dev/* ]] || continue
    owner="${file%/debian/copyright}"
    printf '==== %s\n\n%s\n\n' "$(basename "${owner%/copyright}")" "$(cat "$file")"
  done
}

# Prints the same on macOS; $1 is the source of yaml-cpp.
collect_licenses_of_brew() {
  local name file
  printf '==== yaml-cpp\n\n'
  cat "$1/LICENSE"
  for name in nlohmann-json msgpack-cxx tomlplusplus tl-expected fmt cli11 utf8cpp; do
    for file in "$(brew --prefix "$name")"/{LICENSE*,COPYING*}; do
      if [[ -e "$file" ]]; then printf '\n==== %s\n\n%s\n' "$name" "$(cat "$file")"; fi
    done
  done
}
