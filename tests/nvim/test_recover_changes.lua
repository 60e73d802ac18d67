-- SPDX-License-Identifier: Apache-2.0
-- Recovery after undo, a reload or a formatter has changed an answer.
local case = require("helpers.case")
local journal = require("helpers.journals")
local replies = require("helpers.replies")
local eq = MiniTest.expect.equality

local T = case.set()

--- Starts an answer of three pieces and waits for the first.
local function start(child, pieces)
  case.standin:script({ replies.gated(pieces or { "one", " two", " three" }) })
  child:command("ChatvimComplete")
  child:wait_text((pieces or { "one" })[1])
end

T["part of an answer undone after an edit of the question: it can be recovered"] = function()
  local child = case.child()
  child:chat("Q")
  start(child)
  child:lua("vim.api.nvim_buf_set_lines(0, 0, 1, true, { 'Question' })")
  case.standin:release("g1")
  child:wait_text("one two")
  child:command("silent undo")
  eq(child:text():find("two", 1, true), nil)
  case.standin:release("g2")
  eq(child:wait_end().outcome, "stopped")
  child:wait_message(":ChatvimRecover puts back what had come; the answer was stopped: a part")
  child:command("ChatvimRecover")
  child:wait_text("one two")
end

T["a reload during an answer ends it, and the rest can be recovered"] = function()
  local child = case.child()
  child:chat("Q")
  start(child)
  child:command("silent write")
  case.standin:release("g1")
  child:wait_text("one two")
  child:command("silent edit!")
  eq(child:wait_end().outcome, "stopped")
  child:wait_message(":ChatvimRecover puts back what had come")
  eq(child:text(), case.answered("Q", "one"))
  child:command("ChatvimRecover")
  child:wait_text(case.answered("Q", "one two"))
end

T["undone, saved, redone: the answer is not in the file, so it is offered"] = function()
  local child = case.child()
  child:chat("Q")
  case.standin:script({ replies.answer("one two") })
  child:complete()
  child:command("silent undo")
  child:sync()
  child:command("silent write")
  child:command("silent redo")
  child:sync()
  child:lua("return require('chatvim').messages()")
  eq(child:text(), case.answered("Q", "one two"))
  child:kill()
  local second = child:another()
  second:command("edit chat.md")
  second:wait_message("was not saved")
  second:command("ChatvimRecover")
  second:wait_text(case.answered("Q", "one two"))
end

T["list marks changed by a formatter do not duplicate a recovered answer"] = function()
  local child = case.child()
  child:chat("Q")
  start(child, { "- a first line\n- a second line\n- and a third", " one\n", "- the rest" })
  child:command([[silent %s/^- /* /]])
  child:command("silent write")
  journal.wait(child, "a third")
  child:kill()
  local second = child:another()
  second:command("edit chat.md | ChatvimRecover")
  second:wait_message("chatvim: ")
  second:sync()
  local text = second:text()
  eq(select(2, text:gsub("a first line", "")), 1)
  eq(select(2, text:gsub("a third", "")), 1)
  eq(text, case.answered("Q", "* a first line\n* a second line\n* and a third"))
end

return T
