-- SPDX-License-Identifier: Apache-2.0
-- One object per buffer: attached once, as long as a module follows the text, and dropped when the
-- buffer is wiped.
local case = require("helpers.case")
local system = require("helpers.system")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local CHAT = "# === USER ===\n\nQ\n"
local COUNT = "return #require('chatvim.chat.state').all()"

--- Counts the plugin's calls of `nvim_buf_attach` from now on, in `_G.attached`.
local WATCH = [[
  _G.attached = 0
  local attach = vim.api.nvim_buf_attach
  vim.api.nvim_buf_attach = function(...)
    -- Skip Neovim's tree-sitter, which attaches too.
    local ours = debug.getinfo(2, "S").source:find("lua/chatvim/", 1, true)
    _G.attached = _G.attached + (ours and 1 or 0)
    return attach(...)
  end
]]

T["a chat is attached to only once, with every display on and after a reload"] = function()
  local child = case.child({ options = { folds = true, rules = true, winbar = true } })
  child:lua(WATCH)
  child:chat(CHAT, "a.md")
  child:complete()
  child:command("silent write")
  system.write(child.folder .. "/a.md", CHAT .. "changed\n")
  child:command("set autoread | checktime")
  child:command("normal! Gox")
  child:sync()
  eq(child:lines()[4], "changed")
  eq(child:lua("return _G.attached"), 1)
end

T["a file that is not a chat is detached when no module follows its text"] = function()
  local child = case.child()
  child:chat("# Notes\n", "notes.md")
  eq(child:lua("return require('chatvim.chat.state').get(0).attached"), true)
  child:lua([[
    local chat = require("chatvim.chat.state").get(0)
    vim.api.nvim_del_autocmd(chat.early)
    chat.early, chat.begins = nil, nil
    vim.api.nvim_buf_set_lines(0, -1, -1, true, { "x" })
  ]])
  eq(child:lua("return require('chatvim.chat.state').get(0).attached"), vim.NIL)
end

T["state of the text is dropped on unload, the rest on wipe"] = function()
  local child = case.child()
  child:chat(CHAT, "a.md")
  child:sync()
  local buf = child:api("nvim_get_current_buf")
  local function fields()
    return child:lua(
      [[
        local chat = require("chatvim.chat.state").find(...)
        return chat and { chat.shown ~= nil, chat.outline ~= nil, chat.keys ~= nil } or "none"
      ]],
      buf
    )
  end
  eq(fields(), { true, true, true })
  child:command("edit!")
  eq(fields(), { true, true, true })
  child:command("enew | bunload " .. buf)
  eq(fields(), { false, false, true })
  child:command("bwipeout " .. buf)
  wait.until_true("the object is dropped", function()
    return fields() == "none"
  end)
end

T["a buffer that :write names keeps its object"] = function()
  local child = case.child()
  child:command("enew | setlocal filetype=markdown")
  child:lua("vim.api.nvim_buf_set_lines(0, 0, -1, true, { '# === USER ===', '', 'Q' })")
  local before = child:lua("return #require('chatvim.chat.state').get(0).keys")
  child:command("silent write named.md")
  child:sync()
  eq(child:lua("return #require('chatvim.chat.state').get(0).keys"), before)
end

T["wiped buffers leave no object"] = function()
  local child = case.child()
  child:chat(CHAT, "a.md")
  child:sync()
  local before = child:lua(COUNT)
  for index = 1, 5 do
    child:command(("new b%d.md | bwipeout! | new c%d.txt | bwipeout!"):format(index, index))
  end
  child:sync()
  eq(child:lua(COUNT), before)
end

T["an error in one handler is reported, and the others are called"] = function()
  local child = case.child()
  child:chat(CHAT, "a.md")
  child:lua([[
    local state = require("chatvim.chat.state")
    state.on("BufEnter", function()
      error("a broken handler")
    end)
    state.on("BufEnter", function()
      _G.called = true
    end)
    vim.cmd("doautocmd BufEnter")
  ]])
  child:wait_message("a broken handler")
  eq(child:lua("return _G.called"), true)
end

return T
