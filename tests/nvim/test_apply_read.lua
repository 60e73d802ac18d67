-- SPDX-License-Identifier: Apache-2.0
-- A file that Neovim does not read as usual: it has a swap file, or an autocommand fails.
local applies = require("helpers.applies")
local case = require("helpers.case")
local files = require("helpers.system")
local layout = require("helpers.layout")
local eq = MiniTest.expect.equality

local T = case.set()

local FRAGMENT = "function M.two()\n  return 22\nend"
local SWAP = "set updatecount=200 directory=."

--- Starts a child with a chat whose answer is about src/code.lua, with the cursor on its block.
---@param options? tests.ChildOptions
---@return tests.Child
---@return integer chat
local function start(options)
  local block = applies.block("", "lua src/code.lua", FRAGMENT)
  local child, chat = applies.start(applies.chat(block), options)
  child:lua([[vim.fn.search("^```lua", "w")]])
  return child, chat
end

--- Edits the file in another Neovim, which does not write it.
---@param child tests.Child
---@return tests.Child
local function edit_elsewhere(child)
  local other = child:another({ screen = false })
  other:command(SWAP .. " | cd src | edit code.lua | call setline(1, 'mine') | preserve")
  return other
end

for _, screen in ipairs({ false, true }) do
  local where = screen and " with a screen" or ""
  T["a file with a swap file is refused, without a question" .. where] = function()
    local child, chat = start({ screen = screen })
    local other = edit_elsewhere(child)
    child:command(SWAP .. " | cd src")
    for _, kill in ipairs({ false, true }) do
      if kill then
        other:kill()
      end
      child:command("messages clear | ChatvimApply")
      child:wait_message("code.lua: it has a swap file: `:edit` it first")
      eq(layout.of(child), "chat.md*")
      eq(child:lua("return vim.fn.bufexists('code.lua')"), 0)
    end
    -- As the user may choose when `:edit` asks.
    child:lua("vim.o.shortmess = vim.o.shortmess .. 'A'")
    child:command("edit code.lua | buffer " .. chat .. " | ChatvimApply")
    eq(applies.wait(child, "code.lua"), { { first = 7, last = 8, lines = { "  return 22" } } })
  end
end

T["the swap file of another file with the same name does not matter"] = function()
  local child = start()
  vim.fn.mkdir(child.folder .. "/other")
  files.write(child.folder .. "/other/code.lua", applies.LUA)
  local other = child:another()
  other:command("set updatecount=200 directory=" .. child.home .. " | edit other/code.lua")
  child:command("set updatecount=200 directory=" .. child.home .. " | ChatvimApply")
  eq(#applies.wait(child, "code.lua"), 1)
end

T["a failing autocommand does not hide the text of the file"] = function()
  local child = start({ commands = { "autocmd BufReadPre *.lua call Undefined()" } })
  child:command("ChatvimApply")
  eq(applies.wait(child, "code.lua"), { { first = 7, last = 8, lines = { "  return 22" } } })
  eq(child:text(), applies.LUA:sub(1, -2))
end

T["a file that cannot be read is refused"] = function()
  local child = start({ commands = { "autocmd BufReadCmd *.lua let g:read = 1" } })
  child:command("ChatvimApply")
  child:wait_message("src/code.lua: it cannot be read")
  eq({ layout.of(child), child:lua("return vim.fn.bufexists('src/code.lua')") }, { "chat.md*", 0 })
end

T["a file of line breaks only is not taken for one that was not read"] = function()
  local child = start()
  files.write(child.folder .. "/src/code.lua", "\239\187\191\r\n")
  child:command("ChatvimApply")
  eq(#applies.wait(child, "code.lua"), 1)
end

T["a chat is opened with its text though an autocommand fails"] = function()
  local child = start({ commands = { "autocmd BufReadPre old.md call Undefined()" } })
  files.write(child.folder .. "/old.md", case.answered("Q", "A"))
  child:lua([[
    local window = require("chatvim.command.window")
    return window.edit(vim.fn.getcwd() .. "/old.md", window.where())
  ]])
  eq(child:text(), case.answered("Q", "A"):sub(1, -2))
  child:wait_message("Undefined")
end

return T
