-- SPDX-License-Identifier: Apache-2.0
-- Journals of answers that continue or replace another (B3).
local case = require("helpers.case")
local journals = require("helpers.journals")
local replies = require("helpers.replies")
local eq = MiniTest.expect.equality

local T = case.set()

local NEXT = case.NEXT
local CUT = "Q\n\n# === ASSISTANT ===\n\nOld text\n```\nx = 1\n```" .. NEXT

--- Runs a command until the first text is in the buffer and in the journal, and kills Neovim.
--- Returns another Neovim with the chat as it was saved.
local function killed(command, text, saved)
  local child = case.child()
  child:chat(CUT .. "\n")
  case.standin:script({ replies.gated({ text, "" }) })
  child:command(command)
  child:wait_text(text)
  if saved then
    child:command("silent write")
  end
  journals.wait(child, text)
  child:kill()
  local second = child:another()
  second:command("edit chat.md")
  second:wait_message("was cut off")
  return second
end

T["a continuation is restored where it continued"] = function()
  for _, saved in ipairs({ false, true }) do
    local child = killed("ChatvimComplete!", "0\ny = 2", saved)
    local before = child:text()
    child:command("ChatvimRecover")
    child:wait_text("y = 2\n```")
    eq(child:text(), (CUT:gsub("x = 1", "x = 10\ny = 2")))
    child:command("silent undo")
    eq(child:text(), before)
    child:command("silent redo | silent write")
    journals.wait_none(child)
  end
end

T["a replacement is restored in place of the old answer"] = function()
  local child = killed("ChatvimRetry", "A new one", false)
  eq(child:text(), CUT)
  child:command("ChatvimRecover")
  child:wait_text("A new one" .. NEXT)
  eq(child:text(), case.answered("Q", "A new one"))
  child:command("silent undo")
  eq(child:text(), CUT)
end

T["nothing is missing if the file has all, including the delimiter below"] = function()
  local child = case.child()
  child:chat(CUT .. "\n")
  case.standin:script({ replies.gated({ "A new one", "" }) })
  child:command("ChatvimRetry")
  child:wait_text("A new one")
  child:command("silent write")
  journals.wait(child, "A new one")
  child:kill()
  local second = child:another()
  second:command("edit chat.md | ChatvimRecover")
  second:wait_message("nothing is missing")
  eq(second:text(), case.answered("Q", "A new one"))
end

T["text below is kept"] = function()
  local child = case.child()
  child:chat(CUT .. "\n")
  case.standin:script({ replies.gated({ "0 and more", "" }) })
  child:command("ChatvimComplete!")
  child:wait_text("0 and more")
  child:lua("vim.api.nvim_buf_set_lines(0, -1, -1, true, { 'My next question' })")
  child:command("silent write")
  journals.wait(child, "0 and more")
  child:kill()
  local second = child:another()
  second:command("edit chat.md | ChatvimRecover")
  second:wait_text("0 and more\n```")
  eq(second:text(), (CUT:gsub("x = 1", "x = 10 and more") .. "\nMy next question"))
end

return T
