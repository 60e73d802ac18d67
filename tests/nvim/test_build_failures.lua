-- SPDX-License-Identifier: Apache-2.0
-- A build that fails: the error first says what to do, then what failed.
local case = require("helpers.case")
local children = require("helpers.child")
local copies = require("helpers.plugin_copy")
local environment = require("helpers.environment")
local system = require("helpers.system")
local eq = MiniTest.expect.equality
local part = case.expect_part

local T = MiniTest.new_set({ hooks = { post_case = children.stop_all } })

--- Expects a script to fail with an error that has the given beginning and parts.
---@param copy tests.PluginCopy
---@param env table<string, string|false>
---@param first string
---@param parts string[]
local function expect_failure(copy, env, first, parts)
  local ended = copy:install(env)
  eq({ ended.stderr, ended.code }, { ended.stderr, 1 })
  part(ended.stderr, "chatvim: " .. first)
  for _, text in ipairs(parts) do
    part(ended.stderr, text)
  end
  eq({ ended.stderr, ended.stderr:find("traceback", 1, true) }, { ended.stderr, nil })
  part(ended.stderr, "The log is " .. copy.base .. "/home/.local/state/nvim/chatvim-build.log")
  eq(copy:programs(), {})
end

T["a failing build is an error with the compiler's output"] = function()
  local copy = copies.make()
  expect_failure(
    copy,
    { FAKE = "failing" },
    "correct what is reported below, then run `nvim -l build.lua` in ",
    {
      "failed with code 1",
      "'nothing' was not declared in this scope",
      "FAILED: src/21.cpp.o",
    }
  )
end

T["a build that is killed is an error although its exit code is 0"] = function()
  expect_failure(copies.make(), { FAKE = "killed" }, "run `nvim -l build.lua` in ", {
    "CMAKE_BUILD_PARALLEL_LEVEL=1 if memory was short",
    "was killed by signal 9",
  })
end

--- Returns the beginning of the command that installs packages on this system.
local function install_line()
  local child = children.start()
  local line = child:lua("return require('chatvim.install.packages').advice(...)", environment.root)
  child:stop()
  return line
end

T["a missing CMake is an error that names the packages"] = function()
  local copy = copies.make()
  copy:without("cmake")
  expect_failure(copy, {}, "install ", { "CMake is not installed" })
end

for fake, name in pairs({
  library = "CMake found no tl-expected\n",
  curl = "CMake found no usable CURL\n",
}) do
  T["a missing library is an error that names it and the packages: " .. fake] = function()
    expect_failure(
      copies.make(),
      { FAKE = fake },
      "install what the build needs, then run `nvim -l build.lua` in ",
      { name, "Configuring incomplete" }
    )
  end
end

T["the packages are those of this system"] = function()
  local child = children.start()
  local function system_of(text, sysname)
    return child:lua(
      "return require('chatvim.install.packages').system(...)",
      text,
      sysname or "Linux"
    )
  end
  eq(system_of("ID=debian\n"), "debian")
  eq(system_of('PRETTY_NAME="Ubuntu 24.04"\nID=ubuntu\nID_LIKE=debian\n'), "debian")
  eq(system_of('ID="linuxmint"\nID_LIKE="ubuntu debian"\n'), "debian")
  eq(system_of("ID=fedora\n"), "fedora")
  eq(system_of('ID="rocky"\nID_LIKE="rhel centos fedora"\n'), "fedora")
  eq(system_of("ID=manjaro\nID_LIKE=arch\n"), "arch")
  eq(system_of("ID=alpine\n"), "alpine")
  eq(system_of("", "Darwin"), "brew")
  eq(system_of("ID=void\n"), vim.NIL)
  local text = system.read(environment.root .. "/data/packages.txt")
  for _, name in ipairs({ "debian", "fedora", "arch", "alpine", "brew" }) do
    local list = child:lua("return require('chatvim.install.packages').parse(...)", text, name)
    eq({ name, #list >= 12 }, { name, true })
  end
  if vim.fn.executable("apt-get") == 1 then
    local line = install_line()
    part(line, "apt-get install g++ make cmake ninja-build ")
    eq({ line, line:find("|", 1, true) }, { line, nil })
  end
end

T["an unknown value of CHATVIM_BUILD is an error that names it"] = function()
  local ended = copies.make():install({ CHATVIM_BUILD = "sources" })
  eq(ended.code, 1)
  part(
    ended.stderr,
    'chatvim: set CHATVIM_BUILD to "source", to "prebuilt" or not at all; it is "sources"'
  )
end

T["if the log's folder cannot be created, the program is built without a log"] = function()
  local copy = copies.make()
  system.write(copy.base .. "/file", "")
  local env = { XDG_STATE_HOME = copy.base .. "/file/state" }
  local ended = copy:install(env)
  eq({ ended.stderr, ended.code }, { ended.stderr, 0 })
  eq(copy:programs(), { "release/chatvim" })
  env.FAKE = "failing"
  ended = copy:install(env)
  eq({ ended.stderr, ended.code }, { ended.stderr, 1 })
  part(ended.stderr, "chatvim: correct what is reported below, then run ")
  eq({ ended.stderr, ended.stderr:find("The log is", 1, true) }, { ended.stderr, nil })
end

local MEMORY = "CMAKE_BUILD_PARALLEL_LEVEL=1 if memory was short"
for output, advice in pairs({
  ["c++: fatal error: Killed signal terminated program cc1plus"] = MEMORY,
  ["g++: internal compiler error: Killed (program cc1plus)"] = MEMORY,
  ["clang: error: unable to execute command: Killed"] = MEMORY,
  ["make[2]: *** [src/a.cpp.o] Killed"] = MEMORY,
  ["/bin/sh: line 1: 1234 Killed                  c++ -O2 -c src/a.cpp"] = MEMORY,
  ["Killed"] = MEMORY,
  ["src/a.cpp:7:3: error: 'kKilled' was not declared in this scope"] = "correct what is reported",
  ["src/a.cpp:7:3: error: 'Killed' is not a member of 'chatvim'"] = "correct what is reported",
  ["    7 | Killed = 1,"] = "correct what is reported",
}) do
  T["memory is mentioned only if a compiler was killed: " .. vim.trim(output)] = function()
    local copy = copies.make()
    copy:script(
      "cmake",
      '#!/bin/sh\ncase "$1" in --build) cat <<\\END\n' .. output .. "\nEND\nexit 1 ;; esac\n"
    )
    local ended = copy:install()
    eq(ended.code, 1)
    part(ended.stderr, advice)
  end
end

--- Expects the installation to fail with an error that names the folder.
---@param copy tests.PluginCopy
---@param folder string
local function expect_refusal(copy, folder)
  local ended = copy:install()
  eq({ ended.stderr, ended.code }, { ended.stderr, 1 })
  part(ended.stderr, "chatvim: make " .. folder .. " writable for you (it belongs to ")
  part(ended.stderr, "), then run `nvim -l build.lua` in ")
  part(ended.stderr, "; the system's error is E")
  eq({ ended.stderr, select(2, ended.stderr:gsub("\n", "")) }, { ended.stderr, 1 })
  eq(copy:calls(), "")
end

T["a folder that cannot be written to is an error that names it, and nothing is run"] = function()
  local copy = copies.make()
  local build = copy.root .. "/build"
  if vim.uv.getuid() == 0 then
    -- Even root cannot create files there.
    assert(vim.uv.fs_symlink("/sys", build))
  else
    vim.fn.mkdir(build, "", tonumber("555", 8))
  end
  expect_refusal(copy, build)
end

T["a file in place of the folder is an error that names it"] = function()
  local copy = copies.make()
  system.write(copy.root .. "/build", "")
  expect_refusal(copy, copy.root .. "/build")
end

return T
