-- SPDX-License-Identifier: Apache-2.0
-- Lua reads embeds, their targets and patterns as the program does.
local case = require("helpers.case")
local environment = require("helpers.environment")
local system = require("helpers.system")
local eq = MiniTest.expect.equality

local T = case.set()

T["a line is read as the program reads it"] = function()
  local cases = vim.json.decode(system.read(environment.data .. "/embed-targets.json"))
  local child = case.child({ env = { HOME = "/h/me", DIR = "/d", ODD = "/o[1]*", EMPTY = "" } })
  local function call(code, argument)
    return child:lua("local link, target = ... " .. code, argument)
  end
  for _, one in ipairs(cases.embeds) do
    local read = call("return { require('chatvim.embed.image_link').read(link) }", one.line)
    eq({ one.line, read }, { one.line, { one.target, one.label } })
  end
  for _, line in ipairs(cases.others) do
    local read = call("return { require('chatvim.embed.image_link').read(link) }", line)
    eq({ line, read }, { line, {} })
  end
  local parse = "return { require('chatvim.embed.target').parse(link, '/c/chat') }"
  for _, one in ipairs(cases.paths) do
    local read = call(parse, one.target)[1]
    local means = vim.tbl_map(function(candidate)
      local path = candidate.path
      return candidate.line and { path, candidate.line, candidate.last } or path
    end, read.candidates)
    eq({ one.target, means, read.pattern }, { one.target, one.means, one.pattern })
  end
  for _, target in ipairs(cases.errors) do
    local read = call(parse, target)
    eq({ target, read[1], type(read[2]) }, { target, vim.NIL, "string" })
  end
  for _, target in ipairs(cases.addresses) do
    eq(call(parse, target)[1].address, target)
  end
end

T["patterns match as the program's do"] = function()
  local child = case.child()
  for _, one in ipairs({
    { "*.c", "a.c", true },
    { "*.c", "a.h", false },
    { "a?", "ab", true },
    { "a?", "a", false },
    { "[a-c]x", "bx", true },
    { "[!a-c]x", "bx", false },
    { "[^a-c]x", "dx", true },
    { "[]x]", "]", true },
    { "[[:digit:]_]", "7", true },
    { "[[:digit:]_]", "a", false },
    { "[[:nothing:]a]", "a", false },
    { "[a", "[a", false },
    { "[a-]", "-", true },
    { "\\*", "*", true },
    { "\\*", "a", false },
    { "a{b,c}", "ab", false },
    { "`id`*", "`id`x", true },
    { "*a*b*", "xxaxxbxx", true },
    { "*a*b", "xxaxxbxx", false },
    { ("*a"):rep(30), ("a"):rep(200) .. "b", false },
  }) do
    local found = child:lua(
      [[
      local pattern, name = ...
      local glob = require("chatvim.embed.glob")
      return glob.matches(glob.tokens(pattern), name)
    ]],
      one[1],
      one[2]
    )
    eq({ one[1], one[2], found }, one)
  end
end

return T
