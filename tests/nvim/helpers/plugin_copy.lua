-- SPDX-License-Identifier: Apache-2.0
-- A copy of the plugin's tree for installation tests, with a fake `cmake`, since a real build takes
-- minutes. Its PATH has no compiler, only the tools that a case names.
local environment = require("helpers.environment")
local system = require("helpers.system")

local M = {}

---@class tests.PluginCopy
---@field root string the plugin's folder
---@field base string the folder around it: bin, home, log
local PluginCopy = {}
PluginCopy.__index = PluginCopy

--- The tools that the shell scripts of the cases need.
local TOOLS = { "sh", "cat", "mkdir", "chmod", "sleep", "git", "tput", "uname" }

--- A fake cmake that logs its arguments. $FAKE selects the outcome. If $GATE is set, the build
--- waits until the file of that name exists.
local CMAKE = [=[
#!/bin/sh
echo "$CMAKE_GENERATOR $*" >>"$FAKE_LOG"
case "$1 $FAKE" in
"--preset library")
  cat <<END >&2
CMake Error at cmake/Dependencies.cmake:7 (find_package):
  By not providing "Findtl-expected.cmake" in CMAKE_MODULE_PATH this project
  has asked CMake to find a package configuration file provided by
  "tl-expected", but CMake did not find one.

  Could not find a package configuration file provided by "tl-expected" with
  any of the following names:

    tl-expectedConfig.cmake
    tl-expected-config.cmake

-- Configuring incomplete, errors occurred!
END
  exit 1 ;;
"--preset curl")
  cat <<END >&2
CMake Error at /usr/share/cmake-3.25/Modules/FindPackageHandleStandardArgs.cmake:230 (message):
  Could NOT find CURL (missing: CURL_LIBRARY CURL_INCLUDE_DIR) (Required is
  at least version "7.85")
Call Stack (most recent call first):
  cmake/Dependencies.cmake:4 (find_package)
-- Configuring incomplete, errors occurred!
END
  exit 1 ;;
"--preset "*)
  mkdir -p build/release
  echo "-- Build files have been written" ;;
"--build make")
  echo "[  7%] Building CXX object a.cpp.o"
  echo "[ 48%] Building CXX object b.cpp.o" ;;
"--build "*)
  echo "[1/40] Building CXX object src/a.cpp.o"
  i=1
  while [ $i -lt 20 ]; do i=$((i + 1)); echo "[$i/40] Building CXX object src/$i.cpp.o"; done
  echo $$ >"$FAKE_LOG.pid"
  while [ -n "$GATE" ] && ! [ -e "$GATE" ]; do sleep 0.02; done
  case "$FAKE" in
  killed) kill -9 $$ ;;
  failing)
    echo "FAILED: src/21.cpp.o"
    echo "src/21.cpp:7:3: error: 'nothing' was not declared in this scope"
    echo "ninja: build stopped: subcommand failed."
    exit 1 ;;
  esac
  while [ $i -lt 40 ]; do i=$((i + 1)); echo "[$i/40] Building CXX object src/$i.cpp.o"; done ;;
esac
[ "$1" != --build ] || {
  printf '#!/bin/sh\necho built\n' >build/release/chatvim
  chmod +x build/release/chatvim
}
]=]

--- Makes a copy.
---@return tests.PluginCopy
function M.make()
  local self = setmetatable({}, PluginCopy)
  self.base = vim.uv.fs_realpath(vim.fn.fnamemodify(vim.fn.tempname(), ":h"))
    .. "/copy-"
    .. vim.uv.hrtime()
  self.root = self.base .. "/chatvim"
  vim.fn.mkdir(self.base .. "/bin", "p")
  vim.fn.mkdir(self.base .. "/home", "p")
  vim.fn.mkdir(self.root, "p")
  local command = { "cp", "-R" }
  for _, name in ipairs({
    "build.lua",
    "CMakeLists.txt",
    "cmake",
    "data",
    "doc",
    "include",
    "lua",
    "plugin",
    "src",
  }) do
    table.insert(command, environment.root .. "/" .. name)
  end
  local copied = vim.system(vim.list_extend(command, { self.root })):wait()
  assert(copied.code == 0, copied.stderr)
  os.remove(self.root .. "/data/release.txt")
  self:tools(TOOLS)
  self:script("cmake", CMAKE)
  return self
end

--- Adds tools of the system to the copy's PATH.
---@param names string[]
function PluginCopy:tools(names)
  for _, name in ipairs(names) do
    local path = vim.fn.exepath(name)
    if path ~= "" then
      vim.uv.fs_symlink(path, self.base .. "/bin/" .. name)
    end
  end
end

--- Adds a shell script to the copy's PATH.
---@param name string
---@param text string
function PluginCopy:script(name, text)
  local path = self.base .. "/bin/" .. name
  -- Remove a link first: writing through it would change the tool of the system.
  os.remove(path)
  system.write(path, text)
  assert(vim.uv.fs_chmod(path, tonumber("755", 8)))
end

--- Removes a tool from the copy's PATH.
---@param name string
function PluginCopy:without(name)
  assert(os.remove(self.base .. "/bin/" .. name))
end

--- Returns the environment of a Neovim that installs in the copy: an empty HOME and the PATH.
---@param more? table<string, string|false>
---@return table<string, string>
function PluginCopy:env(more)
  local env = {
    HOME = self.base .. "/home",
    PATH = self.base .. "/bin",
    TERM = "xterm-256color",
    FAKE_LOG = self.base .. "/cmake.log",
    CMAKE_GENERATOR = false,
    CMAKE_BUILD_PARALLEL_LEVEL = false,
    CHATVIM_BUILD = false,
    CHATVIM_RELEASE_URL = false,
  }
  return vim.tbl_extend("force", env, more or {})
end

--- Starts `nvim -l build.lua` as from a shell.
---@param more? table<string, string|false>
---@param on_stderr? fun(err: string?, data: string?)
---@return vim.SystemObj
function PluginCopy:start_install(more, on_stderr)
  -- Neovim 0.10 has no working `clear_env`.
  local command = { "env", "-i" }
  for name, value in pairs(self:env(more)) do
    table.insert(command, value and name .. "=" .. value or nil)
  end
  vim.list_extend(command, { environment.nvim, "-l", "build.lua" })
  return vim.system(command, { cwd = self.root, text = true, stderr = on_stderr })
end

--- Runs `nvim -l build.lua` and waits for its end.
---@param more? table<string, string|false>
---@return vim.SystemCompleted
function PluginCopy:install(more)
  return self:start_install(more):wait(60000)
end

--- Returns the digest of the copy's sources, computed by the plugin.
---@return string
function PluginCopy:sources()
  local release = require("helpers.release")
  return assert(release.sources(self.root))
end

--- Returns the calls of cmake, one per line: the generator, then the arguments.
---@return string
function PluginCopy:calls()
  local path = self.base .. "/cmake.log"
  return vim.uv.fs_stat(path) and system.read(path) or ""
end

--- Returns the process id of the fake cmake, or nil before it has reached the gate.
---@return integer?
function PluginCopy:pid()
  local path = self.base .. "/cmake.log.pid"
  return vim.uv.fs_stat(path) and tonumber(vim.trim(system.read(path))) or nil
end

--- Returns the paths, below build/, of the programs that were installed.
---@return string[]
function PluginCopy:programs()
  local found = {}
  for name, kind in vim.fs.dir(self.root .. "/build", { depth = 2 }) do
    if kind == "file" and name:find("chatvim", 1, true) then
      table.insert(found, name)
    end
  end
  return found
end

return M
