-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimSummary asks for a summary in a new chat that embeds the old one, and leaves a link.
local case = require("helpers.case")
local files = require("helpers.system")
local replies = require("helpers.replies")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local OLD = '+++\nmodel = "m3"\n+++\n# === USER ===\n\nWhy is the sky blue?\n'
  .. "\n# === ASSISTANT ===\n\nRayleigh.\n\n# === USER ===\n\n"

--- Runs :ChatvimSummary and waits for the end of the answer.
---@return string name of the old chat's file
local function summarize(child, command, name)
  case.standin:script({ replies.answer("It is about the sky.") })
  child:chat(OLD, name)
  eq(child:complete(command).outcome, "done")
end

T["the new chat has the old one's settings, its summary, and a link to it"] = function()
  local child = case.child()
  summarize(child, "ChatvimSummary")
  local name = child:api("nvim_buf_get_name", 0)
  eq(vim.fs.dirname(name), child.folder)
  case.expect_part(vim.fs.basename(name), "chat-2")
  eq(vim.startswith(child:text(), '+++\nmodel = "m3"\n+++\n\n# === USER ===\n\nSummarize'), true)
  case.expect_part(child:text(), "\n\n[chat.md](chat.md)\n\n# === ASSISTANT ===\n\nIt is about")
  local request = case.standin:requests(1)[1].json
  eq(request.model, "m3")
  case.expect_part(request.messages[1].content, "Rayleigh.")
  case.standin:script({ replies.answer("Yes.") })
  child:command("normal! GoGo on")
  child:complete()
  eq(case.standin:requests(2)[2].body:find("Rayleigh", 1, true), nil)
  case.expect_calm(child)
end

T["the link is an undo step of its own"] = function()
  local child = case.child()
  summarize(child, "ChatvimSummary right")
  eq(child:lua("return vim.fn.winlayout()[1]"), "row")
  child:feed("u")
  case.expect_part(child:text(), "\n\n![](chat.md)\n\n# === ASSISTANT ===")
  child:feed("u")
  eq(child:text():match("%S+$"), "![](chat.md)")
end

T["a name with blanks and brackets is embedded and linked"] = function()
  local child = case.child()
  summarize(child, "ChatvimSummary", "my [old] (chat).md")
  case.expect_part(child:text(), "\n[my \\[old\\] (chat).md](<my [old] (chat).md>)\n")
  case.expect_part(case.standin:requests(1)[1].json.messages[1].content, "Rayleigh.")
end

T["text that is not written counts"] = function()
  local child = case.child()
  case.standin:script({ replies.answer("It is about the sea.") })
  child:chat(OLD)
  child:command("%s/Rayleigh/Seawater/")
  child:complete("ChatvimSummary")
  case.expect_part(case.standin:requests(1)[1].json.messages[1].content, "Seawater.")
  eq(files.read(child.folder .. "/chat.md"), OLD)
end

T["the embed stays if there is no complete answer, until there is one"] = function()
  local child = case.child()
  case.standin:script({
    { status = 401, json = { error = { message = "No key" } } },
    replies.answer("It is about the sky."),
  })
  child:chat(OLD)
  eq(child:complete("ChatvimSummary").outcome, "error")
  case.expect_part(child:text(), "![](chat.md)")
  eq(child:complete().outcome, "done")
  case.expect_part(child:text(), "\n[chat.md](chat.md)\n")
end

T["a chat without a file and one that is being answered are refused"] = function()
  local child = case.child()
  child:command("enew | set filetype=markdown")
  case.expect_refusal(child, "ChatvimSummary", "`:write` this chat first")
  local buf = child:chat("# === USER ===\n\nQ\n")
  child:begin("ChatvimComplete", case.standin, replies.answer("A"))
  case.expect_refusal(child, "ChatvimSummary", "still being written")
  case.expect_refusal(child, "ChatvimSummary sideways", '"sideways" is no direction')
  case.standin:release("start")
  child:wait_text("A", buf)
  wait.until_true("the end", function()
    return #child:events("ChatvimEnd") == 1
  end)
end

return T
