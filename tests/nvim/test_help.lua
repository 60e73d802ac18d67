-- SPDX-License-Identifier: Apache-2.0
-- Compares the help with the tables in the code: nothing is missing and nothing is made up.
local case = require("helpers.case")
local environment = require("helpers.environment")
local files = require("helpers.system")
local eq = MiniTest.expect.equality

local T = case.set()

local HELP = files.read(environment.root .. "/doc/chatvim.txt")

--- Returns a numbered section of the help.
---@param number integer
---@return string
local function section(number)
  local start = assert(HELP:find(("\n=[^\n]+\n%d%%. %%u"):format(number)))
  return HELP:sub(start, (HELP:find("\n=[^\n]+\n", start + 1)) or #HELP)
end

--- Returns the tags of the help that match a pattern, sorted.
---@param pattern string
---@return string[]
local function tags(pattern)
  local found = {}
  for tag in HELP:gmatch("%*([^%s*]+)%*") do
    if tag:find(pattern) then
      table.insert(found, tag)
    end
  end
  table.sort(found)
  return found
end

--- Expects the tags of the help that match a pattern to be exactly these.
---@param pattern string
---@param expected string[]
local function expect_tags(pattern, expected)
  table.sort(expected)
  eq(#expected > 0, true)
  eq(tags(pattern), expected)
end

T[":helptags reports no error, and :help finds the manual"] = function()
  local child = case.child()
  local doc = child.home .. "/data/site/doc"
  vim.fn.mkdir(doc, "p")
  files.write(doc .. "/chatvim.txt", HELP)
  -- Duplicate tags are an error of :helptags.
  child:command("helptags " .. vim.fn.fnameescape(doc))
  child:command("set runtimepath^=" .. vim.fn.fnameescape(child.home .. "/data/site"))
  child:command("help chatvim")
  eq(child:lua("return vim.fn.fnamemodify(vim.fn.bufname(), ':t')"), "chatvim.txt")
  -- Every |link| into this help has a target.
  for link in HELP:gmatch("|(:?<?%u?%l*[cC]hatvim[^|%s]*)|") do
    local ok = child:lua("return pcall(vim.cmd.help, ...)", link)
    eq({ link, ok }, { link, true })
  end
end

T["every command, and its form with ! if it has one"] = function()
  local child = case.child()
  local registered = child:lua([[
    local names = {}
    for name, command in pairs(vim.api.nvim_get_commands({})) do
      if name:find("^Chatvim") then
        table.insert(names, { name = name, bang = command.bang })
      end
    end
    return names
  ]])
  local expected = {}
  for _, command in ipairs(registered) do
    table.insert(expected, ":" .. command.name)
    if command.bang then
      case.expect_part(section(3), ("\n:%s!  "):format(command.name))
    end
  end
  local found = vim.tbl_filter(function(tag)
    return not tag:find("!$")
  end, tags("^:"))
  table.sort(expected)
  eq(found, expected)
end

--- Returns the keys that are mapped in some buffers only.
---@param child tests.Child
---@return chatvim.Key[]
local function buffer_keys(child)
  return child:lua([[
    local keys = require("chatvim.keys")
    return vim.list_extend(vim.list_slice(keys.keys), keys.review_keys)
  ]])
end

T["every key and every <Plug> map"] = function()
  local child = case.child()
  local plugs = child:lua([[
    local names = {}
    for _, mode in ipairs({ "n", "x", "o" }) do
      for _, map in ipairs(vim.api.nvim_get_keymap(mode)) do
        names[map.lhs:match("^<Plug>%(chatvim%-.*") or ""] = true
      end
    end
    names[""] = nil
    return vim.tbl_keys(names)
  ]])
  expect_tags("^<Plug>", plugs)
  for _, key in ipairs(buffer_keys(child)) do
    local line = ("\n    %-3s  %-12s  <Plug>(chatvim-%s)"):format(key.modes, key.lhs, key.plug)
    case.expect_part(section(4), line)
  end
end

T["every key of every buffer is mapped, in the help and in the README"] = function()
  local child = case.child()
  local readme = files.read(environment.root .. "/README.md")
  for _, key in ipairs(child:lua("return require('chatvim.keys').global_keys")) do
    case.expect_part(section(4), ("\n    %-3s  %-12s  "):format(key.modes, key.lhs))
    case.expect_part(readme, ("`%s`"):format(key.lhs))
    local lhs = key.lhs:gsub("<Leader>", "\\")
    for mode in key.modes:gmatch(".") do
      local rhs = child:lua("return vim.fn.maparg(...)", lhs, mode)
      eq({ lhs, mode, rhs:lower():find("chatvim", 1, true) ~= nil }, { lhs, mode, true })
    end
  end
end

T["every option with its type and default"] = function()
  local child = case.child()
  local names = {}
  for _, option in ipairs(child:lua("return require('chatvim.config').schema")) do
    table.insert(names, "chatvim-option-" .. option.name)
    local default = option.type == "table" and "{}"
      or option.type == "string" and ('"%s"'):format(option.default)
      or tostring(option.default)
    local line = ("\n%-11s %s, default %s\n"):format(option.name, option.type, default)
    case.expect_part(section(7), line)
  end
  expect_tags("^chatvim%-option%-", names)
end

T["the README has every option with its default, and every key"] = function()
  local child = case.child()
  local readme = files.read(environment.root .. "/README.md")
  for _, option in ipairs(child:lua("return require('chatvim.config').schema")) do
    local default = option.type == "table" and "{}"
      or option.type == "string" and ('"%s"'):format(option.default)
      or tostring(option.default)
    case.expect_part(readme, ("\n| `%s` | `%s` | "):format(option.name, default))
  end
  for _, key in ipairs(buffer_keys(child)) do
    case.expect_part(readme, ("`%s`"):format(key.lhs))
  end
end

T["every highlight group with its link"] = function()
  local child = case.child()
  local names = {}
  for _, group in ipairs(child:lua("return require('chatvim.view.highlight').groups")) do
    table.insert(names, "hl-" .. group.name)
    local text = section(12):match(("\n%s [^*]+"):format(group.name)) or ""
    -- Up to the next group.
    text = text:sub(2):gsub("\nChatvim%a+ .*", "") .. "\n"
    case.expect_part((text:gsub("%s*\n", "\n")), (": %s\n"):format(group.link))
  end
  expect_tags("^hl%-", names)
end

T["every event and every exported function"] = function()
  local child = case.child()
  expect_tags("^Chatvim", { "ChatvimStart", "ChatvimEnd" })
  local functions = child:lua([[
    local names = {}
    for name in pairs(require("chatvim")) do
      if not name:find("^_") then
        table.insert(names, ("chatvim.%s()"):format(name))
      end
    end
    return names
  ]])
  expect_tags("^chatvim%.%l", vim.list_extend(functions, { "chatvim.txt" }))
end

T["every field of the events"] = function()
  local child = case.child()
  case.standin:script({
    { steps = { { deltas = { text = { "A" }, count = 1 } }, { finish = "stop", usage = true } } },
  })
  child:chat("Q")
  local data = child:complete()
  for name in pairs(data) do
    eq({ name, section(10):find("%f[%w_]" .. name .. "%f[^%w_]") ~= nil }, { name, true })
  end
  eq(data.usage ~= nil, true)
end

T["no line of the help is wider than 80 columns"] = function()
  local wide = {}
  for line in HELP:gmatch("[^\n]+") do
    table.insert(wide, vim.api.nvim_strwidth(line) > 80 and line or nil)
  end
  eq(wide, {})
end

return T
