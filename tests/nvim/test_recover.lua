-- SPDX-License-Identifier: Apache-2.0
-- Text that has arrived is never lost: :ChatvimRecover restores it after a kill (B3, B30).
local case = require("helpers.case")
local files = require("helpers.system")
local journals = require("helpers.journals")
local replies = require("helpers.replies")
local eq = MiniTest.expect.equality

local T = case.set()

local function recover(child)
  child:command("ChatvimRecover")
  child:wait_message("chatvim: ")
  child:sync()
end

T["kill -9, nothing saved: offered once, restored, removed when saved"] = function()
  local child = case.child()
  child:chat("", "chat.md")
  child:lua("vim.api.nvim_buf_set_lines(0, 0, -1, true, { 'My question', 'of two lines' })")
  local path = journals.start(child, "one two")
  local state = child.home .. "/state/nvim/chatvim"
  eq(vim.uv.fs_stat(path).mode % 512, 384) -- 0600
  eq(vim.uv.fs_stat(state).mode % 512, 448) -- 0700
  child:kill()

  local second = child:another()
  second:command("edit chat.md")
  second:wait_message("an answer of 7 characters was cut off at ")
  case.expect_part(second:messages(), ":ChatvimRecover puts it back")
  eq(second:text(), "")
  second:stop()

  local third = child:another()
  third:command("edit chat.md")
  journals.expect_no_offer(third)
  third:command("ChatvimRecover")
  third:wait_message("put back what was missing of an answer of 7 characters")
  eq(third:text(), case.answered("My question\nof two lines", "one two"))
  -- It is one undo step, and the journal stays until the text is saved.
  eq(#journals.all(child), 1)
  third:command("silent undo")
  eq(third:text(), "")
  third:command("silent redo")
  third:command("silent write")
  journals.wait_none(child)
  third:command("messages clear | ChatvimRecover")
  third:wait_message("nothing to recover")
end

T["a saved question with half an answer gets the rest, and nothing twice"] = function()
  local child = case.child()
  child:chat("Q")
  case.standin:script({ replies.gated({ "one", " two", "" }) })
  child:command("ChatvimComplete")
  child:wait_text("one")
  child:command("silent write")
  case.standin:release("g1")
  child:wait_text("one two")
  journals.wait(child, "one two")
  child:kill()
  local second = child:another()
  second:command("edit chat.md")
  second:wait_message("an answer of 7 characters was cut off")
  eq(second:text(), "Q\n\n# === ASSISTANT ===\n\none")
  second:command("messages clear")
  recover(second)
  eq(second:text(), case.answered("Q", "one two"))
  -- The second time there is nothing to add.
  second:command("messages clear")
  recover(second)
  case.expect_part(second:messages(), "nothing is missing")
  eq(second:text(), case.answered("Q", "one two"))
end

T["text below the part that was saved stays below, and a fence is closed"] = function()
  local child = case.child()
  child:chat("Q")
  journals.start(child, "Look:\n```lua\nlocal a = 1")
  child:kill()
  files.write(child.folder .. "/chat.md", "Q\n\n# === ASSISTANT ===\n\nLook:\n\nMy note\n")
  local second = child:another()
  second:command("edit chat.md")
  second:command("ChatvimRecover")
  second:wait_text("local a")
  local answer = "Look:\n```lua\nlocal a = 1\n```"
  eq(second:text(), case.answered("Q", answer) .. "\n\nMy note")
end

T["a line that the writer holds back is not lost"] = function()
  local child = case.child()
  child:chat("Q")
  case.standin:script({ replies.gated({ "one\n# === US", "" }) })
  child:command("ChatvimComplete")
  child:wait_text("one")
  journals.wait(child, "# === US\n\n# === USER")
  child:kill()
  local second = child:another({ files = { "chat.md" } })
  second:wait_message("an answer of 12 characters was cut off")
  second:command("ChatvimRecover")
  second:wait_text("# === US\n")
  eq(second:text(), case.answered("Q", "one\n# === US"))
end

T["text that waits because the buffer is 'nomodifiable' is in the journal"] = function()
  local child = case.child()
  child:chat("Q")
  case.standin:script({ replies.gated({ "one", " two", "" }) })
  child:command("ChatvimComplete")
  child:wait_text("one")
  child:command("set nomodifiable")
  case.standin:release("g1")
  journals.wait(child, "one two")
  eq(child:text():find("two", 1, true), nil)
  -- Only the program dies: the command restores what had not reached Lua.
  assert(vim.uv.kill(child:program_pid(), "sigkill"))
  child:wait_end()
  case.expect_part(child:messages(), ":ChatvimRecover adds what else had arrived")
  child:command("messages clear")
  recover(child)
  case.expect_part(child:messages(), "cannot be changed")
  child:command("set modifiable | messages clear")
  recover(child)
  eq(child:text(), case.answered("Q", "one two"))
end

T["only the program was killed: nothing is missing, which is reported"] = function()
  local child = case.child()
  child:chat("Q")
  journals.start(child)
  assert(vim.uv.kill(child:program_pid(), "sigkill"))
  child:wait_end()
  child:command("messages clear")
  recover(child)
  case.expect_part(child:messages(), "nothing is missing")
  eq(child:text(), case.answered("Q", "one two"))
  eq(#journals.all(child), 1)
  child:command("silent write")
  journals.wait_none(child)
end

T["both died: the file has a part, the journal has all"] = function()
  local child = case.child()
  child:chat("Q")
  journals.start(child)
  local program = child:program_pid()
  assert(vim.uv.kill(program, "sigkill"))
  child:wait_end()
  child:command("silent write")
  child:kill()
  local second = child:another({ files = { "chat.md" } })
  second:command("ChatvimRecover")
  second:wait_message("nothing is missing")
  -- Now the file has the whole answer.
  journals.wait_none(child)
end

T["an answer that has ended and is not saved is restored after kill -9"] = function()
  local child = case.child()
  child:chat("Q")
  case.standin:script({ replies.answer("one two") })
  child:complete()
  child:kill()
  local second = child:another()
  second:command("edit chat.md")
  second:wait_message("an answer of 7 characters was not saved at ")
  second:command("ChatvimRecover")
  second:wait_text("one two")
  eq(second:text(), case.answered("Q", "one two"))
  second:command("silent write")
  journals.wait_none(child)
end

T["several answers that are not saved are restored together"] = function()
  local child = case.child()
  child:chat("Q")
  local text = "Q"
  for index = 1, 3 do
    case.standin:script({ replies.answer("answer " .. index) })
    child:complete()
    text = case.answered(text, "answer " .. index)
    if index < 3 then
      child:feed("Gi" .. "question " .. index .. "<Esc>")
      text = text .. "question " .. index
    end
    journals.wait_count(child, 1)
  end
  -- A retry replaces the last one.
  case.standin:script({ replies.answer("answer 4") })
  child:complete("ChatvimRetry")
  text = text:gsub("answer 3", "answer 4")
  eq(child:text(), text)
  journals.wait_count(child, 1)
  child:kill()
  local second = child:another({ files = { "chat.md" } })
  second:command("ChatvimRecover")
  second:wait_text("answer 4")
  eq(second:text(), text)
end

T["a question that was never saved is restored before any answer"] = function()
  local child = case.child()
  child:chat("")
  child:command("call setline(1, 'Long thought')")
  case.standin:script({ replies.silent() })
  child:command("ChatvimComplete")
  journals.wait(child, "Long thought")
  child:kill()
  local second = child:another()
  second:command("edit chat.md")
  second:wait_message("a question was left without its answer at ")
  second:command("ChatvimRecover")
  second:wait_message("the question is back")
  eq(second:text(), "Long thought")
end

return T
