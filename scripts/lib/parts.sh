# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Makes the parts of .deps/: two Neovims, mini.test and Catch2 from other Debian releases; nginx and tinyproxy from
# this release; aimock, tool servers and StyLua.
# Each part has a stamp with the recipe's number and the part's path, since the Neovims contain absolute paths.

RECIPE=1

# Whether part $1 of .deps exists and was made by this recipe in this place.
part_is_there() {
  [[ "$(head -n 1 "$DEPS/$1/.stamp" 2>/dev/null)" == "$RECIPE $DEPS/$1" ]]
}

# Makes part $1 of .deps by calling the command in $3… with a temporary folder; $2 describes the part for messages.
# The part appears complete (by a rename) or not at all.
make_part() {
  local part="$1" what="$2" work
  shift 2
  if part_is_there "$part"; then return 0; fi
  say "getting $what into .deps/$part, for this folder only"
  mkdir -p "$DEPS"
  work="$(mktemp -d "$DEPS/.making-$part.XXXXXX")"
  # Expand $work now, so that an interrupted run cleans up as well.
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  mkdir "$work/part"
  if ! "$@" "$work" "$DEPS/$part"; then
    fail "could not get $what; see the messages above. Nothing was changed"
  fi
  # Add the recipe line above the part's version before the rename, so that a part with a stamp is complete.
  printf '%s\n%s\n' "$RECIPE $DEPS/$part" "$(cat "$work/part/.stamp")" >"$work/stamp"
  mv "$work/stamp" "$work/part/.stamp"
  rm -rf "${DEPS:?}/$part"
  mv "$work/part" "$DEPS/$part"
  rm -rf "$work"
  trap - EXIT
  say "$what is $(sed -n 2p "$DEPS/$part/.stamp")"
}

# Builds a Neovim that runs with its own loader and C library; $1 is the Debian release, $2 the lowest acceptable
# version, $3 the work folder, $4 the final place.
build_private_neovim() {
  local release="$1" oldest="$2" work="$3" home="$4" version root libraries loader binary
  version="$(unpack_debian_package "$work/apt" "$release" neovim)" || return 1
  root="$work/apt/root"
  binary="$root/usr/bin/nvim"
  libraries="$(dirname "$(find "$root/usr/lib" -name 'libluajit-5.1.so.2' | head -n 1)")"
  loader="$(find "$libraries" -name "$(basename "$(patchelf --print-interpreter "$binary")")" | head -n 1)"
  if [[ -z "$loader" ]]; then
    say "the packages of Debian's $release contain no dynamic loader for Neovim"
    return 1
  fi
  # RPATH, not RUNPATH, because dependencies of the libraries must be found there too. Unlike an environment variable,
  # it does not reach child processes, which run with the system's libraries.
  patchelf --set-interpreter "$home${loader#"$root"}" --force-rpath \
    --set-rpath "$home${libraries#"$root"}" "$binary" || return 1
  trim_private_neovim "$root"
  mv "$root/usr" "$work/part/usr"
  mkdir "$work/part/bin"
  write_neovim_wrapper "$work/part/bin/nvim" "$home"
  printf 'neovim %s\n' "$version" >"$work/part/.stamp"
  check_private_neovim "$work/part" "$home" "$oldest"
}

# Moves the Tree-sitter parsers to the runtime files, because that folder is on the runtimepath even with --clean and
# -u NONE, while lib/nvim of the private copy is not. Removes documentation, translations and icons.
trim_private_neovim() {
  local root="$1"
  mv "$root/usr/lib/nvim/parser" "$root/usr/share/nvim/runtime/parser"
  rm -rf "$root/usr/share/locale" "$root/usr/share/man" "$root/usr/share/doc" "$root/usr/share/icons"
}

# Writes a wrapper that uses `exec`, so that the process id seen by the parent is Neovim's own.
write_neovim_wrapper() {
  cat >"$1" <<WRAPPER
#!/bin/sh
VIMRUNTIME='$2/usr/share/nvim/runtime'
export VIMRUNTIME
exec '$2/usr/bin/nvim' "\$@"
WRAPPER
  chmod +x "$1"
}

# Checks a Neovim in its final place, since it has absolute paths; moves it back, or removes it if the check fails.
check_private_neovim() {
  local part="$1" home="$2" oldest="$3" found
  rm -rf "$home"
  mv "$part" "$home"
  found="$(nvim_version "$home/bin/nvim")"
  if version_at_least "$found" "$oldest" && opens_markdown "$home/bin/nvim"; then
    mv "$home" "$part"
    return 0
  fi
  say "the unpacked Neovim (version '${found:-none}', wanted at least $oldest) does not work"
  rm -rf "$home"
  return 1
}

# Whether the Neovim $1 highlights markdown with tree-sitter, as it does for users of the plugin.
opens_markdown() {
  "$1" --clean --headless -i NONE -c 'set filetype=markdown' \
    -c 'lua local ok = pcall(vim.treesitter.start, 0, "markdown"); vim.cmd(ok and "qall!" or "cquit")' \
    </dev/null >/dev/null 2>&1
}

unpack_mini_test() {
  local version
  version="$(unpack_debian_package "$1/apt" sid neovim-mini.test alone)" || return 1
  mv "$1/apt/root/usr/share/neovim-mini.test/"* "$1/part/" || return 1
  printf 'mini.test %s\n' "$version" >"$1/part/.stamp"
}

# $1 is the Debian release, $2 the work folder.
unpack_catch2() {
  local release="$1" work="$2" version
  version="$(unpack_debian_package "$work/apt" "$release" libcatch2-dev alone)" || return 1
  mkdir "$work/part/usr"
  mv "$work/apt/root/usr/include" "$work/apt/root/usr/lib" "$work/part/usr/" || return 1
  printf 'Catch2 %s\n' "$version" >"$work/part/.stamp"
}

# $1 is the work folder. The version is pinned, since another one may format differently.
install_stylua() {
  npm install --prefix "$1/part" --no-save --no-package-lock --no-audit --no-fund --loglevel=error --fetch-retries=1 \
    @johnnymorganz/stylua-bin@2.5.2 </dev/null >&2 || return 1
  printf 'StyLua 2.5.2\n' >"$1/part/.stamp"
}

# Installs the npm packages of tests/$1 into the work folder $2. Their versions and checksums are in the lock file; the
# registry is npm's own setting.
install_locked() {
  # shellcheck disable=SC2153 # set by common.sh
  cp "$ROOT/tests/$1/package.json" "$ROOT/tests/$1/package-lock.json" "$2/part/" || return 1
  (cd "$2/part" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --fetch-retries=1) \
    </dev/null >&2 || return 1
}

# $1 is the work folder.
install_aimock() {
  install_locked aimock "$1" || return 1
  printf 'aimock %s\n' "$(sed -nE 's/.*"@copilotkit\/aimock": "([0-9.]+)".*/\1/p' "$1/part/package.json")" \
    >"$1/part/.stamp"
}

# $1 is the work folder.
install_mcp() {
  install_locked mcp "$1" || return 1
  printf 'tool servers %s\n' "$(sed -nE 's/.*server-everything": "([0-9.]+)".*/\1/p' "$1/part/package.json")" \
    >"$1/part/.stamp"
}

# Whether the server $1 is installed; a user's PATH may lack the sbin folders.
have_server() { PATH="$PATH:/usr/sbin:/usr/local/sbin" have "$1"; }

# $1 is the work folder. Packages of the system's own release fit its libraries, so dependencies are not needed. In
# older releases the program nginx is in the package nginx-light.
unpack_servers() {
  local work="$1" unpacked="$1/part" package deb
  mkdir "$work/archives"
  for package in nginx nginx-light tinyproxy-bin; do
    [[ "$package" != nginx-light || ! -x "$unpacked/usr/sbin/nginx" ]] || continue
    (cd "$work/archives" && apt-get -qq -o APT::Sandbox::User=root download "$package") >&2 || return 1
    for deb in "$work/archives/$package"_*.deb; do dpkg -x "$deb" "$unpacked" || return 1; done
  done
  (cd "$unpacked" && rm -rf etc lib var usr/share usr/lib)
  "$unpacked/usr/sbin/nginx" -v >&2 && "$unpacked/usr/bin/tinyproxy" -v >&2 || return 1
  printf '%s\n' "$(cd "$work/archives" && echo *.deb)" >"$unpacked/.stamp"
}

# On systems other than Debian: clones the plugin from its own repository.
clone_mini_test() {
  git clone --quiet --depth 1 --branch v0.16.0 https://github.com/nvim-mini/mini.test "$1/clone" || return 1
  mv "$1/clone/lua" "$1/clone/doc" "$1/part/"
  printf 'mini.test 0.16.0\n' >"$1/part/.stamp"
}
