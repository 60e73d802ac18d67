-- SPDX-License-Identifier: Apache-2.0
-- The tables of commands and keys match what is registered; completion of arguments.
local case = require("helpers.case")
local files = require("helpers.system")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

T["the registered commands are those of the table"] = function()
  local child = case.child()
  local registered, table_of_names = unpack(child:lua([[
    local registered, listed = {}, {}
    for name, command in pairs(vim.api.nvim_get_commands({})) do
      if name:find("^Chatvim") then
        registered[name] = { bang = command.bang, arguments = command.nargs ~= "0" }
      end
    end
    for _, command in ipairs(require("chatvim.commands").list) do
      local plain = { bang = command.bang ~= nil, arguments = command.arguments ~= nil }
      listed[command.name] = plain
      for _, direction in ipairs(command.directed and { "Left", "Right", "Top", "Bottom" } or {}) do
        -- The name has the direction; the other arguments remain.
        local more = (command.arguments or ""):find(" ", 1, true) ~= nil
        listed[command.name .. direction] = { bang = plain.bang, arguments = more }
      end
    end
    return { registered, listed }
  ]]))
  eq(registered, table_of_names)
  eq(vim.tbl_count(registered), 28)
end

T["every key of the table has a <Plug> map in each of its modes"] = function()
  local child = case.child()
  local missing = child:lua([[
    local missing = {}
    local keys = require("chatvim.keys")
    for _, key in ipairs(vim.list_extend(vim.list_slice(keys.keys), keys.review_keys)) do
      for mode in key.modes:gmatch(".") do
        local lhs = ("<Plug>(chatvim-%s)"):format(key.plug)
        if vim.fn.maparg(lhs, mode) == "" then
          table.insert(missing, mode .. " " .. lhs)
        end
      end
    end
    return missing
  ]])
  eq(missing, {})
end

T["every command has a <Plug> map that calls it"] = function()
  local child = case.child()
  local missing = child:lua([[
    local called = {}
    for _, mode in ipairs({ "n", "x" }) do
      for _, map in ipairs(vim.api.nvim_get_keymap(mode)) do
        if map.lhs:find("^<Plug>%(chatvim%-") then
          called[map.rhs:match("Chatvim%a+!?") or ""] = true
        end
      end
    end
    local missing = {}
    for _, command in ipairs(require("chatvim.commands").list) do
      for _, name in ipairs({ command.name, command.bang and command.name .. "!" }) do
        if not called[name] then
          table.insert(missing, name)
        end
      end
    end
    return missing
  ]])
  eq(missing, {})
end

T["completion offers what can come next"] = function()
  local child = case.child()
  vim.fn.mkdir(child.home .. "/config/chatvim/presets/folder.md", "p")
  local names = { "coding.md", "long words.md", ".hidden.md", "left-over.md", "other.txt" }
  for _, name in ipairs(names) do
    files.write(child.home .. "/config/chatvim/presets/" .. name, "")
  end
  local presets = { "coding", "left-over", "long\\ words" }
  local directions = { "left", "right", "top", "bottom" }
  local all = vim.list_extend(vim.list_slice(directions), presets)
  local sources = { "diagnostics", "quickfix", "loclist", "diff" }
  local sent = vim.list_extend(vim.list_slice(directions), sources)
  files.write(child.folder .. "/something.txt", "")
  for line, expected in pairs({
    ["ChatvimNew "] = all,
    ["vertical ChatvimNew "] = all,
    ["ChatvimNew le"] = { "left", "left-over" },
    ["ChatvimNew left "] = presets,
    ["ChatvimNew left co"] = { "coding" },
    ["ChatvimNew coding "] = {},
    ["ChatvimNew left coding "] = {},
    -- These take a single argument, in which a space needs no backslash.
    ["ChatvimNewLeft "] = { "coding", "left-over", "long words" },
    ["silent! ChatvimNewLeft lo"] = { "long words" },
    ["ChatvimNewLeft coding "] = {},
    ["ChatvimHelp "] = directions,
    ["ChatvimSen b"] = { "bottom" },
    ["ChatvimHelp left "] = {},
    ["'a,'bChatvimSend "] = sent,
    ["1,3ChatvimSend r"] = { "right" },
    ["ChatvimSend left "] = sources,
    ["ChatvimSend left di"] = { "diagnostics", "diff" },
    ["ChatvimSend diff "] = {},
    ["ChatvimSend! l"] = { "left", "loclist" },
    ["ChatvimSend !rmdi"] = { "!rmdir" },
    ["ChatvimSend top !cat some"] = { "something.txt" },
    ["ChatvimToggle t"] = { "top" },
    ["ChatvimModel standin/m1 "] = {},
  }) do
    eq({ line, child:lua("return vim.fn.getcompletion(..., 'cmdline')", line) }, { line, expected })
  end
  -- An offered completion opens the chat.
  for _, command in ipairs({ "ChatvimNewLeft long words", "ChatvimNew left long\\ words" }) do
    child:command(command)
    eq(child:lines()[2], 'preset = "long words"')
  end
  -- In the middle of a line, text after the cursor is ignored.
  child:type(":ChatvimNew l coding<C-Left><Left><Tab>")
  wait.until_true("the completed word", function()
    return child:lua("return vim.fn.getcmdline()") == "ChatvimNew left coding"
  end)
  child:type("<Esc>")
end

return T
