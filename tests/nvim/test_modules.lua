-- SPDX-License-Identifier: Apache-2.0
-- The check of what Lua modules may require passes for ours, and finds violations.
local environment = require("helpers.environment")
local system = require("helpers.system")
local eq = MiniTest.expect.equality

local T = MiniTest.new_set()

---@param folder string
---@return integer code
---@return string output
local function check(folder)
  local script = environment.root .. "/scripts/lib/lua_modules.lua"
  local run = { vim.v.progpath, "--clean", "-n", "-i", "NONE", "-l", script, folder }
  local result = vim.system(run, { text = true }):wait()
  return result.code, result.stdout .. result.stderr
end

--- Runs the check on modules with these sources, by path without ".lua".
---@param sources table<string, string>
local function check_sources(sources)
  local folder = vim.fn.tempname()
  for name, source in pairs(sources) do
    local path = ("%s/chatvim/%s.lua"):format(folder, name)
    vim.fn.mkdir(vim.fs.dirname(path), "p")
    system.write(path, source)
  end
  return check(folder)
end

T["the plugin's own modules"] = function()
  local code, output = check(environment.root .. "/lua")
  eq({ code, output }, { 0, "" })
end

T["a cycle, however its modules are required"] = function()
  local code, output = check_sources({
    ["chat/a"] = 'local b = require("chatvim.chat.b")',
    ["chat/b"] = "return function() return require 'chatvim.chat.c' end",
    ["chat/c"] = 'local ok = pcall(require, "chatvim.chat.d")',
    ["chat/d"] = 'local a = package.loaded["chatvim.chat.a"]',
  })
  eq(code, 1)
  local names = { "a", "b", "c", "d", "a" }
  local path = table.concat(
    vim.tbl_map(function(name)
      return "chatvim.chat." .. name
    end, names),
    " -> "
  )
  eq(output, ("circle: %s\n"):format(path))
end

T["comments and strings do not count as requires"] = function()
  local code, output = check_sources({
    ["chat/a"] = [=[
      -- require("chatvim.chat.b")
      --[[ require("chatvim.chat.b") ]]
      local s = "it's require('chatvim.chat.b')" .. '\'' .. [[require("chatvim.chat.b")]]
    ]=],
    ["chat/b"] = 'require("chatvim.chat.a")',
  })
  eq({ code, output }, { 0, "" })
end

T["a forbidden require, a missing module and an unreadable file"] = function()
  local code, output = check_sources({
    ["view/a"] = 'require("chatvim.chat.b") require("chatvim.view.gone")',
    ["chat/b"] = "require(name)",
  })
  eq(code, 1)
  for _, part in ipairs({
    "chatvim.view.a must not require chatvim.chat.b",
    "chatvim.view.a requires chatvim.view.gone, which does not exist",
    "chatvim.chat.b requires a module whose name is not written out",
  }) do
    eq({ part, output:find(part, 1, true) ~= nil }, { part, true })
  end
end

return T
