-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimSend with diagnostics, and with the quickfix and location lists.
local case = require("helpers.case")
local layout = require("helpers.layout")
local quotes = require("helpers.quotes")
local eq = MiniTest.expect.equality

local T = case.set()

--- Sets four diagnostics in the current buffer.
local SET = [[
  local severity = vim.diagnostic.severity
  vim.diagnostic.set(vim.api.nvim_create_namespace("test"), 0, {
    { lnum = 2, col = 6, severity = severity.WARN, message = "Unused\nlocal", source = "lint" },
    { lnum = 0, col = 0, severity = severity.HINT, message = "Hint" },
    { lnum = 0, col = 4, end_lnum = 2, end_col = 0, severity = severity.ERROR,
      message = "Two \27[31mlines", source = "ls", code = 17 },
    { lnum = 2, col = 0, severity = severity.INFO, message = "Info" },
  })
]]

local FIRST = [[
src/main.lua:1:5: error: Two lines [ls 17]
    1 | local a = 1
    2 | local b = 2
src/main.lua:1:1: hint: Hint
    1 | local a = 1]]

local LAST = [[
src/main.lua:3:7: warning: Unused
local [lint]
    3 | local c = 3
src/main.lua:3:1: info: Info
    3 | local c = 3]]

T["diagnostics of the buffer, and those that touch the range"] = function()
  local child, chat = quotes.start(case.EMPTY)
  case.expect_refusal(child, "ChatvimSend diagnostics", "src/main.lua has no diagnostics")
  child:lua(SET)
  child:command("ChatvimSend diagnostics")
  local text = case.EMPTY .. quotes.text("Diagnostics of src/main.lua", "", FIRST .. "\n" .. LAST)
  eq({ child:text(chat), layout.of(child) }, { text, "row(main.lua, chat.md*)" })
  child:command("buffer main.lua | only | 2ChatvimSend left diagnostics")
  local touching = FIRST:match("^.-\n.-\n[^\n]*")
  text = text .. quotes.text("Diagnostics of src/main.lua:2", "", touching)
  eq({ child:text(chat), layout.of(child) }, { text, "row(chat.md*, main.lua)" })
  child:command("wincmd p | $ChatvimSend diagnostics")
  text = text .. quotes.text("Diagnostics of src/main.lua:3", "", LAST)
  eq(child:text(chat), text)
end

T["a diagnostic of many lines shows the first"] = function()
  local child, chat = quotes.start(case.EMPTY)
  quotes.open(child, "long.txt", ("line\n"):rep(40))
  child:lua([[
    vim.diagnostic.set(vim.api.nvim_create_namespace("test"), 0, {
      { lnum = 4, col = 0, end_lnum = 30, end_col = 1, severity = 1, message = "Long" },
    })
  ]])
  child:command("20ChatvimSend diagnostics")
  case.expect_part(child:text(chat), "\n   14 | line\n      | … to line 31\n```")
end

T["the quickfix list and the location list"] = function()
  local child, chat = quotes.start(case.EMPTY)
  case.expect_refusal(child, "ChatvimSend quickfix", "the quickfix list is empty")
  case.expect_refusal(child, "ChatvimSend loclist", "the location list of this window is empty")
  child:lua([[
    vim.fn.setqflist({}, " ", { title = ":make all", items = {
      { text = "cc -c a.c", valid = 0 },
      { filename = "src/a.c", lnum = 3, col = 5, type = "E", text = " no \27[1mtype\255" },
      { filename = "src/b.c", lnum = 7, type = "w", text = "unused" },
      { filename = "src/b.c", text = "whole file", valid = 1 },
    } })
    vim.fn.setloclist(0, { { filename = "c.c", lnum = 1, text = "here" } })
  ]])
  child:command("ChatvimSend quickfix")
  local text = case.EMPTY
    .. quotes.text(
      "Quickfix list: :make all",
      "",
      "cc -c a.c\nsrc/a.c:3:5: error: no type\239\191\189\n"
        .. "src/b.c:7: warning: unused\nsrc/b.c: whole file"
    )
  eq(child:text(chat), text)
  child:command("wincmd p | ChatvimSend loclist")
  case.expect_part(child:text(chat), text .. "Location list")
  case.expect_part(child:text(chat), "\n```\nc.c:1: here\n```\n")
  child:command("wincmd p")
  case.expect_refusal(child, "1,2ChatvimSend quickfix", "`quickfix` takes no range")
  case.expect_refusal(child, "1,2ChatvimSend diff", "`diff` takes no range")
end

return T
