-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimComplete with several models: they answer side by side, and the chat gets one answer.
local case = require("helpers.case")
local compare = require("helpers.compare")
local journals = require("helpers.journals")
local layout = require("helpers.layout")
local replies = require("helpers.replies")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local ONE, TWO = "I am one.", "I am two."

T["both are asked, shown in a tab page, and written as one undo step"] = function()
  local child, buf = compare.start({ m1 = ONE, m2 = TWO })
  eq({ #child:api("nvim_list_tabpages"), child:lua("return vim.fn.winlayout()[1]") }, { 2, "row" })
  eq(child:text(buf) .. "\n", compare.CHAT)
  compare.release("m2", "m1")
  compare.wait_folded(child, buf, "m2")
  local text = child:text(buf)
  case.expect_part(text, "Who are you?\n\n# === ASSISTANT ===\n\n" .. ONE .. "\n")
  case.expect_part(text, TWO)
  eq(vim.endswith(text, "\n</details>" .. case.NEXT), true)
  child:command("tabclose")
  child:feed("u")
  eq(child:text(buf) .. "\n", compare.CHAT)
  child:feed("<C-r>")
  eq(child:text(buf), text)
  eq(child:api("nvim_get_vvar", "errmsg"), "")
end

T["only the answer is sent with the next question"] = function()
  local child, buf = compare.start({ m1 = ONE, m2 = TWO })
  compare.release("m1", "m2")
  compare.wait_folded(child, buf, "m2")
  child:command("tabclose")
  case.standin:script({ replies.answer("Yes.") })
  child:command("normal! GoSure?")
  child:complete()
  local request = case.standin:requests(3)[3].json
  eq(request.model, "m1")
  eq(request.messages, {
    { role = "user", content = "Who are you?" },
    { role = "assistant", content = ONE },
    { role = "user", content = "Sure?" },
  })
end

T["the tab page closes without a trace, and the windows of the chat stay as they were"] = function()
  local child = case.child()
  local buf = child:chat(compare.CHAT)
  child:command("vsplit | wincmd p")
  local before = layout.of(child)
  compare.ask(child, { m1 = ONE, m2 = TWO })
  child:command("tabclose")
  eq(layout.of(child), before)
  compare.release("m1", "m2")
  compare.wait_folded(child, buf, "m2")
  wait.until_true("the end of the buffers", function()
    return #child:api("nvim_list_bufs") == 1
  end)
  eq(child:events("ChatvimEnd")[1].outcome, "done")
end

T["each window follows its answer and shows its model"] = function()
  local child = compare.start({ m1 = ("line\n"):rep(60) .. "last", m2 = TWO }, {
    options = { winbar = false },
  })
  for model, line in pairs({ m1 = 67, m2 = 7 }) do
    compare.go(child, model)
    eq(child:api("nvim_win_get_cursor", 0)[1], line)
    case.expect_part(child:lua("return require('chatvim').winbar()"), model .. " · writing")
  end
end

T["an edit of the chat stays, and one answer there is enough"] = function()
  local child, buf = compare.start({ m1 = ONE, m2 = TWO })
  child:command("tabnext")
  eq(child:lua("return require('chatvim').status(0)"), "waiting for 2 models")
  case.expect_refusal(child, "ChatvimComplete", "still being written")
  case.expect_refusal(child, "ChatvimComplete m1 m2", "still being written")
  child:command("normal! 3GA Really?")
  compare.release("m1", "m2")
  compare.wait_folded(child, buf, "m2")
  case.expect_part(child:text(buf), "Who are you? Really?\n\n# === ASSISTANT ===\n\n" .. ONE)
  eq(child:lua("return require('chatvim').status(0)"), "")
end

T["a cursor at the end of the chat follows"] = function()
  local child, buf = compare.start({ m1 = ONE, m2 = TWO })
  child:command("tabnext | normal! G")
  compare.release("m1", "m2")
  compare.wait_folded(child, buf, "m2")
  eq(child:api("nvim_win_get_cursor", 0)[1], #child:lines(buf))
end

T["with autosave the file has the answers"] = function()
  local child, buf = compare.start({ m1 = ONE, m2 = TWO }, { options = { autosave = true } })
  compare.release("m1", "m2")
  compare.wait_folded(child, buf, "m2")
  wait.until_true("the written file", function()
    return not child:lua("return vim.bo[...].modified", buf)
  end)
  journals.wait_none(child)
end

T["after a kill, the first answer can be recovered in the chat"] = function()
  local child = compare.start({ m1 = ONE, m2 = TWO })
  journals.wait(child, ONE, 1)
  child:kill()
  child = child:another()
  child:command("edit chat.md")
  child:wait_message("puts it back")
  child:command("ChatvimRecover")
  child:wait_text(ONE)
end

T["after a kill with answers that are not saved, the first can be recovered"] = function()
  local child, buf = compare.start({ m1 = ONE, m2 = TWO })
  compare.release("m1", "m2")
  compare.wait_folded(child, buf, "m2")
  child:kill()
  child = child:another()
  child:command("edit chat.md")
  child:wait_message("puts it back")
end

return T
