-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimRetry replaces the last answer.
local case = require("helpers.case")
local replies = require("helpers.replies")
local views = require("helpers.views")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local QUESTION, NEXT = case.QUESTION, case.NEXT
local ANSWERED = QUESTION .. "Old\n```\nanswer\n```" .. NEXT

--- Opens a chat that holds exactly `text`.
local function chat(child, text, name)
  return child:chat(text .. "\n", name)
end

local function retry(child)
  return child:complete("ChatvimRetry")
end

--- Retries, up to the point where the server waits before its first text.
local function wait_for_text(child, pieces)
  child:begin("ChatvimRetry", case.standin, replies.gated(pieces))
end

T["the chat is as after a first answer, and undo restores the old one"] = function()
  local child = case.child()
  case.standin:script({ replies.answer("Old\n\nanswer"), replies.answer("# New\n\nanswer") })
  chat(child, "First\n\n# === ASSISTANT ===\n\nA" .. NEXT .. "Q")
  local first = child:text()
  eq(child:complete().outcome, "done")
  local old = child:text()
  eq(retry(child).outcome, "done")
  local new = case.answered(first, "# New\n\nanswer")
  eq(child:text(), new)
  case.expect_calm(child)
  child:feed("u")
  eq(child:text(), old)
  child:feed("<C-r>")
  eq(child:text(), new)
  child:feed("uu")
  eq(child:text(), first)
  local requests = case.standin:requests()
  eq(requests[2].json, requests[1].json)
end

T["also with other white space and without a delimiter below"] = function()
  for before, after in pairs({
    [QUESTION .. "Old"] = QUESTION .. "New" .. NEXT,
    [QUESTION .. "\nOld  \n\n\n\n"] = QUESTION .. "\nNew" .. NEXT,
    ["Q\n# === ASSISTANT ===\nOld\n# === USER ==="] = "Q\n# === ASSISTANT ===\n\nNew" .. NEXT,
    [QUESTION .. "Old" .. NEXT .. "\n# === SYSTEM ===\n"] = QUESTION
      .. "New"
      .. NEXT
      .. "\n# === SYSTEM ===\n",
  }) do
    local child = case.child()
    case.standin:script({ replies.answer("New") })
    chat(child, before)
    eq(retry(child).outcome, "done")
    eq(child:text(), after)
    child:feed("u")
    eq({ child:text(), child:lua("return vim.bo.modified") }, { before, false })
    child:feed("<C-r>")
    eq(child:text(), after)
    child:stop()
  end
end

T["nothing changes before the first text, then all in one undo step"] = function()
  local child = case.child()
  chat(child, ANSWERED)
  local tick = child:lua("return vim.b.changedtick")
  wait_for_text(child, { "New", " text" })
  eq({ child:text(), child:lua("return vim.b.changedtick") }, { ANSWERED, tick })
  case.expect_part(child:virtual_text(), "stops")
  case.standin:release("start")
  child:wait_text("New")
  eq(child:text(), QUESTION .. "New" .. NEXT)
  case.standin:release("g1")
  case.standin:release("end")
  child:wait_end()
  eq(child:text(), QUESTION .. "New text" .. NEXT)
  child:feed("u")
  eq(child:text(), ANSWERED)
  eq(case.standin:requests()[1].json.messages, { { role = "user", content = "Q" } })
end

T["reasoning is kept on request, and the old answer's is removed with it"] = function()
  local child = case.child({ config = case.config('reasoning = "keep"') })
  local open, close = "<details><summary>Reasoning</summary>\n\n", "\n\n</details>\n\n"
  case.standin:script({
    {
      steps = {
        { deltas = { text = { "New thought" }, count = 1, field = "reasoning_content" } },
        { deltas = { text = { "New" }, count = 1 } },
        { finish = "stop" },
      },
    },
  })
  local before = QUESTION .. open .. "Old thought" .. close .. "Old" .. NEXT
  chat(child, before)
  eq(retry(child).outcome, "done")
  eq(child:text(), QUESTION .. open .. "New thought" .. close .. "New" .. NEXT)
  child:feed("u")
  eq(child:text(), before)
end

T["a request that fails and a stop before any text leave the chat as it was"] = function()
  local child = case.child()
  chat(child, ANSWERED)
  local tick = child:lua("return vim.b.changedtick")
  case.standin:script({ { status = 400, json = { error = { message = "not today" } } } })
  eq(retry(child).outcome, "error")
  case.expect_part(child:messages(), "not today")
  wait_for_text(child, { "New" })
  child:command("ChatvimStop")
  eq(child:wait_end(2).outcome, "stopped")
  eq({ child:text(), child:lua("return vim.b.changedtick") }, { ANSWERED, tick })
  eq(child:virtual_text(), "")
end

T["an empty answer keeps the old one"] = function()
  local child = case.child()
  case.standin:script({ replies.answer(" \n") })
  chat(child, ANSWERED)
  eq(retry(child).outcome, "error")
  case.expect_part(child:messages(), "empty answer")
  eq(child:text(), ANSWERED)
end

T["a stop after some text keeps it, and the chat is ready for a question"] = function()
  local child = case.child()
  chat(child, QUESTION .. "Old")
  case.standin:script({ replies.hanging("```\nNew") })
  child:command("ChatvimRetry")
  child:wait_text("New")
  child:command("ChatvimStop")
  eq(child:wait_end().outcome, "stopped")
  eq(child:text(), QUESTION .. "```\nNew\n```" .. NEXT)
  child:feed("u")
  eq(child:text(), QUESTION .. "Old")
end

T["edits above and below while waiting stay"] = function()
  local child = case.child()
  chat(child, ANSWERED)
  wait_for_text(child, { "New", " text" })
  child:feed("ggOFirst<Esc>")
  child:feed("GAMy next question<Esc>")
  case.standin:release("start")
  child:wait_text("New")
  case.standin:release("g1")
  case.standin:release("end")
  eq(child:wait_end().outcome, "done")
  eq(child:text(), "First\n" .. QUESTION .. "New text" .. NEXT .. "My next question")
end

T["an edit of the old answer stops it, and nothing is lost"] = function()
  for _, keys in ipairs({ "5GAmine<Esc>", "5GImine<Esc>", "8GAmine<Esc>", "6Gdd", "5G4dd" }) do
    local child = case.child()
    chat(child, ANSWERED)
    wait_for_text(child, { "New" })
    child:feed(keys)
    local edited = child:text()
    case.standin:release("start")
    eq({ keys, child:wait_end().outcome }, { keys, "stopped" })
    eq({ keys, child:text() }, { keys, edited })
    case.expect_part(child:messages(), "the text that it was to replace was edited")
    child:stop()
    case.standin:reset()
  end
end

T["it stops if the delimiter above is deleted"] = function()
  local child = case.child()
  chat(child, ANSWERED)
  wait_for_text(child, { "New" })
  child:feed("3Gdd")
  local edited = child:text()
  case.standin:release("start")
  eq(child:wait_end().outcome, "stopped")
  eq(child:text(), edited)
  case.expect_part(child:messages(), "the text before its place was deleted")
end

T["a chat that changes before its place is known is sent again"] = function()
  local child = case.child()
  case.standin:script({
    { match = { body = "Changed" }, steps = replies.answer("New").steps },
    vim.tbl_extend("error", replies.silent(), { ["repeat"] = true }),
  })
  chat(child, ANSWERED)
  child:lua([[
    vim.cmd("ChatvimRetry")
    vim.api.nvim_buf_set_lines(0, 0, 1, true, { "More", "Changed Q" })
  ]])
  eq(child:wait_end().outcome, "done")
  eq(child:text(), "More\nChanged " .. QUESTION .. "New" .. NEXT)
  case.expect_calm(child)
end

T["from another window, where the chat is not current and not at its end"] = function()
  local child = case.child({ screen = true })
  local lines = {}
  for index = 1, 100 do
    lines[index] = ("Line %d of a long question"):format(index)
  end
  local above = table.concat(lines, "\n") .. "\n\n# === ASSISTANT ===\n\n"
  local buf = chat(child, above .. ("Old line\n"):rep(40) .. "End" .. NEXT)
  child:feed("50Gzt3l")
  local other = child:api("nvim_get_current_win")
  child:command("new")
  views.screen(child)
  local seen = views.all(child)[tostring(other)]
  case.standin:script({ replies.answer(("New line\n"):rep(50) .. "End") })
  child:lua("require('chatvim.chat.running').start(..., 'retry')", buf)
  child:wait_end()
  views.screen(child)
  eq(views.all(child)[tostring(other)], seen)
  eq(child:text(buf), above .. ("New line\n"):rep(50) .. "End" .. NEXT)
  eq(child:text(), "")
  child:command("wincmd p")
  child:feed("u")
  eq(child:text(buf), above .. ("Old line\n"):rep(40) .. "End" .. NEXT)
end

T["a window at the end follows the answer"] = function()
  local child = case.child()
  case.standin:script({ replies.answer(("New line\n"):rep(50) .. "End") })
  chat(child, QUESTION .. ("Old line\n"):rep(9) .. "End")
  eq(retry(child).outcome, "done")
  eq(child:api("nvim_win_get_cursor", 0)[1], #child:lines())
end

T["the user's marks and registers outside of the answer stay"] = function()
  local child = case.child()
  case.standin:script({ replies.answer("New\n\nanswer") })
  chat(child, ANSWERED)
  child:feed('1Gma3Gmb10Gmc1G"ayy""yy')
  local function state()
    return child:lua([[return {
      vim.fn.getpos("'a"), vim.fn.getpos("'b"), vim.fn.getline(vim.fn.line("'c")),
      vim.fn.getreg('"'), vim.fn.getreg("a"), vim.fn.getreg("1"), vim.fn.getreg("-"),
      vim.fn.getjumplist()[2], vim.fn.mode(),
    }]])
  end
  local before = state()
  eq(retry(child).outcome, "done")
  eq(state(), before)
end

T["eight at once, half of them continuing"] = function()
  local child = case.child()
  local list, buffers = {}, {}
  for index = 1, 8 do
    local first = index % 2 == 0 and " one" or "one"
    list[index] = replies.gated({ first, " two" }, { model = "m" .. index })
  end
  case.standin:script(list)
  for index = 1, 8 do
    local front = ('+++\nmodel = "m%d"\n+++\n'):format(index)
    buffers[index] = chat(child, front .. ANSWERED, ("chat%d.md"):format(index))
    child:command(index % 2 == 0 and "ChatvimComplete!" or "ChatvimRetry")
  end
  for index = 1, 8 do
    child:wait_text("one", buffers[index])
  end
  child:lua("require('chatvim.chat.running').stop(...)", buffers[3])
  case.standin:release("g1", true)
  case.standin:release("end", true)
  child:wait_end(8)
  for index = 1, 8 do
    local front = ('+++\nmodel = "m%d"\n+++\n'):format(index)
    local text = index % 2 == 0 and "Old\n```\nanswer one two\n```"
      or index == 3 and "one"
      or "one two"
    eq({ index, child:text(buffers[index]) }, { index, front .. QUESTION .. text .. NEXT })
  end
  case.expect_calm(child)
end

T["a second command while it runs is refused"] = function()
  local child = case.child()
  chat(child, ANSWERED)
  wait_for_text(child, { "New" })
  child:command("ChatvimRetry")
  child:command("ChatvimComplete!")
  case.expect_part(child:messages(), "this chat's answer is still being written")
  case.standin:release("start")
  case.standin:release("end")
  eq(child:wait_end().outcome, "done")
  wait.until_true("the new answer", function()
    return child:text() == QUESTION .. "New" .. NEXT
  end)
  eq(#case.standin:requests(), 1)
end

for name, row in pairs({
  ["an empty chat"] = { "", "There is no answer to ask for again: write a message first." },
  ["a question"] = { "Q", "the last word is yours, and :ChatvimComplete answers it." },
  ["a question below an answer"] = {
    ANSWERED .. "R",
    "the last word is yours, and :ChatvimComplete answers it.",
  },
  ["a system message"] = { ANSWERED .. "# === SYSTEM ===\nS", "a system message" },
  ["an answer without a question"] = {
    "# === ASSISTANT ===\n\nHello",
    "no message of yours stands above the last answer",
  },
}) do
  T["refused: " .. name] = function()
    local child = case.child()
    case.standin:script({})
    chat(child, row[1])
    local tick = child:lua("return vim.b.changedtick")
    eq(retry(child).outcome, "error")
    child:sync()
    local messages = child:messages()
    case.expect_part(messages, row[2])
    eq({ messages, #vim.split(vim.trim(messages), "\n") }, { messages, 1 })
    eq({ child:text(), child:lua("return vim.b.changedtick") }, { row[1], tick })
    eq(#case.standin:requests(), 0)
  end
end

return T
