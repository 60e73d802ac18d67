-- SPDX-License-Identifier: Apache-2.0
-- build.lua where the build fails: the error says what to do first, then what failed.
local case = require("helpers.case")
local children = require("helpers.child")
local copies = require("helpers.plugin_copy")
local environment = require("helpers.environment")
local system = require("helpers.system")
local eq = MiniTest.expect.equality
local part = case.expect_part

local T = MiniTest.new_set({ hooks = { post_case = children.stop_all } })

--- Expects a script to fail with an error that begins and goes on as given.
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

T["a failing build is an error with what the compiler said"] = function()
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

T["a build that is killed is an error, though its code is 0"] = function()
  expect_failure(copies.make(), { FAKE = "killed" }, "run `nvim -l build.lua` in ", {
    "CMAKE_BUILD_PARALLEL_LEVEL=1 if memory was short",
    "was killed by signal 9",
  })
end

--- The command that installs the packages of this system begins so.
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

T["another value of the choice is an error that names it"] = function()
  local ended = copies.make():install({ CHATVIM_BUILD = "sources" })
  eq(ended.code, 1)
  part(
    ended.stderr,
    'chatvim: set CHATVIM_BUILD to "source", to "prebuilt" or not at all; it is "sources"'
  )
end

return T
