-- SPDX-License-Identifier: Apache-2.0
-- A chat that gets a name, or another name, during an answer: when `:write NAME` names a buffer,
-- Neovim drops its buffer-local autocommands.
local case = require("helpers.case")
local files = require("helpers.system")
local journal = require("helpers.journals")
local replies = require("helpers.replies")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

--- Starts an answer in a chat without a name, and names it once text and journal exist.
local function named_late(command, options)
  local child = case.child(options)
  child:command("set filetype=markdown | call setline(1, 'Q')")
  case.standin:script({ replies.gated({ "one two", " three", "" }) })
  child:command("ChatvimComplete")
  child:wait_text("one two")
  journal.wait(child, "one two")
  child:command(command or "silent write foo.md")
  return child
end

T["when it is wiped out, its answer is cancelled"] = function()
  for _, command in ipairs({ "bwipeout!", "bdelete!" }) do
    local child = named_late()
    child:command(command)
    eq(child:wait_end().outcome, "stopped")
    case.standin:release("g1")
    child:sync()
    eq(child:api("nvim_get_vvar", "errmsg"), "")
    eq(child:messages():find("Invalid", 1, true), nil)
    child:stop()
    case.standin:reset()
  end
end

for name, command in pairs({
  [":write"] = "silent write foo.md",
  [":saveas"] = "silent write other.md | silent saveas foo.md",
  [":file"] = "silent file foo.md",
}) do
  T["arrived text is offered under its new name: " .. name] = function()
    local child = named_late(command)
    case.standin:release("g1")
    child:wait_text("three")
    local path = journal.wait(child, "one two three")
    eq(path, child:lua("return require('chatvim.chat.recover').path(0)"))
    child:kill()
    local second = child:another()
    second:command("edit foo.md")
    second:wait_message("an answer of 13 characters was cut off")
    second:command("ChatvimRecover")
    second:wait_text("one two three")
    eq(second:text(), case.answered("Q", "one two three"))
  end
end

T["once the answer is saved its journal is removed, and no other journal is"] = function()
  local child = named_late()
  files.write(child.folder .. "/else.md", "Q")
  for _, gate in ipairs({ "g1", "g2", "end" }) do
    case.standin:release(gate)
  end
  eq(child:wait_end().outcome, "done")
  child:command("silent write")
  journal.wait_none(child)
  case.expect_calm(child)
end

T["it is a chat from then on: refreshed on :write, its rules open for typing"] = function()
  local child = case.child({ options = { rules = true } })
  child:command("set filetype=markdown | call setline(1, 'Q')")
  child:command("silent write foo.md")
  child:lua([[
    vim.api.nvim_buf_set_lines(0, 0, -1, true, { "# === USER ===", "", "Q" })
  ]])
  child:command("silent write")
  wait.until_true("the chat is shown as one", function()
    return child:lua("return require('chatvim.view.highlight').is_attached(0 + vim.fn.bufnr())")
  end)
  child:lua([[
    _G.drawn = {}
    local screen = require("chatvim.view.screen")
    local redraw = screen.redraw
    screen.redraw = function(buf, row)
      table.insert(_G.drawn, row)
      return redraw(buf, row)
    end
    vim.cmd("normal! gg")
  ]])
  child:feed("ix<Esc>")
  eq(child:lua("return _G.drawn[1]"), 0)
end

T["chats that open and close leave nothing registered"] = function()
  local child = case.child({ options = { rules = true, folds = true, winbar = true } })
  local function groups()
    return vim.tbl_filter(function(name)
      return name:find("^chatvim") ~= nil
    end, child:lua("return vim.fn.getcompletion('', 'augroup')"))
  end
  local function visit()
    child:chat("# === USER ===\n\nQ\n", "a.md")
    child:sync()
    child:command("bwipeout!")
    child:command("badd b.md | call bufload('b.md') | bwipeout! b.md")
  end
  files.write(child.folder .. "/b.md", "# === USER ===\n\nQ\n")
  visit()
  local before = { groups(), child:lua("return #vim.api.nvim_get_autocmds({})") }
  visit()
  visit()
  eq({ groups(), child:lua("return #vim.api.nvim_get_autocmds({})") }, before)
end

return T
