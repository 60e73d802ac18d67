-- SPDX-License-Identifier: Apache-2.0
-- The chat in which :ChatvimSend quotes, and the window in which that is shown.
local case = require("helpers.case")
local layout = require("helpers.layout")
local quotes = require("helpers.quotes")
local replies = require("helpers.replies")
local views = require("helpers.views")
local eq = MiniTest.expect.equality

local T = case.set()

T["the last used chat: entered or answered; a visible one first; not the current one"] = function()
  local child = case.child()
  for _, name in ipairs({ "a", "b", "c" }) do
    child:chat(case.EMPTY, name .. ".md")
  end
  quotes.open(child, "a.txt", "line\n")
  local function used()
    child:command("only | edit a.txt")
    child:command("ChatvimSend")
    return vim.fs.basename(child:api("nvim_buf_get_name", 0))
  end
  eq(used(), "c.md")
  child:command("buffer b.md")
  eq(used(), "b.md")
  child:command("buffer a.md | buffer c.md")
  eq(used(), "c.md")
  -- A visible chat is chosen although it was not used last.
  child:command("only | buffer a.txt | vsplit a.md | wincmd p | edit c.md | edit a.txt")
  child:command("ChatvimSend")
  eq(layout.of(child), "row(a.md*, a.txt)")
  -- From a chat, lines go to another chat.
  child:command("only | edit b.md | edit a.md")
  child:command("1ChatvimSend")
  eq(layout.of(child), "row(a.md, b.md*)")
  child:command("only | edit a.txt")
  child:command("bwipeout! b.md | bdelete! a.md")
  eq(used(), "c.md")
  -- A chat that was answered without being entered counts as used.
  case.standin:script({ replies.answer("A") })
  local asked = child:chat("Q\n", "asked.md")
  child:command("edit c.md | edit a.txt")
  child:lua("require('chatvim').complete(...)", asked)
  child:wait_end()
  eq(used(), "asked.md")
end

T["without another chat a new one is opened"] = function()
  local child = case.child({ config = case.config('userDelimiter = "## me"') })
  quotes.open(child, "a.txt", "## me\n")
  child:command("ChatvimSend")
  eq(layout.of(child), "row(a.txt, chat*)")
  eq(child:text(), "## me\n\n" .. quotes.text("a.txt:1", "text", "\\## me"))
  eq(child:lua("return vim.bo.modified"), true)
  child:feed("u")
  eq({ child:text(), child:lua("return vim.bo.modified") }, { "## me\n\n", false })
  -- The only chat is the current buffer, and a chat is not quoted in itself.
  child:command("bwipeout! a.txt | only | 1ChatvimSend top")
  eq(layout.of(child), "col(chat*, chat)")
end

T["the window in which the chat is shown"] = function()
  local child = quotes.start(case.EMPTY)
  for command, expected in pairs({
    ["ChatvimSend"] = "row(main.lua, chat.md*)",
    ["ChatvimSend left"] = "row(chat.md*, main.lua)",
    ["ChatvimSend top"] = "col(chat.md*, main.lua)",
    ["ChatvimSend bottom"] = "col(main.lua, chat.md*)",
    ["botright ChatvimSend"] = "col(main.lua, chat.md*)",
    ["tab ChatvimSend"] = "chat.md*",
  }) do
    child:command("silent! tabonly | only | edit src/main.lua")
    child:command(command)
    eq({ command, layout.of(child) }, { command, expected })
  end
  -- In the chat's window of this tab page, or without an argument in that of another tab page.
  child:command("silent! tabonly | only | edit src/main.lua | topleft split chat.md | wincmd p")
  child:command("ChatvimSend right")
  eq(layout.of(child), "col(chat.md*, main.lua)")
  child:command("only | tabedit src/main.lua")
  child:command("ChatvimSend")
  eq({ layout.of(child), child:lua("return vim.fn.tabpagenr()") }, { "chat.md*", 1 })
  child:command("tabnext | ChatvimSend left")
  eq({ layout.of(child), child:lua("return vim.fn.tabpagenr()") }, { "row(chat.md*, main.lua)", 2 })
end

T["a chat that is 'nomodifiable' is reported by name"] = function()
  local child, chat = quotes.start(case.EMPTY)
  child:api("nvim_set_option_value", "modifiable", false, { buf = chat })
  case.expect_refusal(child, "ChatvimSend", "chat.md: this buffer cannot be changed")
end

T["too little room for a window changes nothing"] = function()
  local child = quotes.start(case.EMPTY, { commands = { "set lines=4 winminheight=1" } })
  case.expect_refusal(child, "ChatvimSend top", "not enough room")
end

T["other windows of the chat keep their views"] = function()
  local child, chat = quotes.start(("line\n"):rep(100) .. case.EMPTY)
  child:command("tabedit chat.md")
  child:feed("50Gzt10j")
  child:command("wincmd v")
  child:feed("20Gzt")
  local before = views.all(child)
  child:command("tabprevious")
  child:command("ChatvimSend right")
  local after = views.all(child)
  for win, view in pairs(before) do
    eq({ win, after[win] }, { win, view })
  end
  case.expect_part(child:text(chat), "src/main.lua:1")
end

return T
