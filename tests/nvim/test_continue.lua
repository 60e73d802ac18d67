-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimComplete! continues the last answer.
local case = require("helpers.case")
local replies = require("helpers.replies")
local views = require("helpers.views")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local QUESTION = "Q\n\n# === ASSISTANT ===\n\n"
local NEXT = "\n\n# === USER ===\n\n"

--- Opens a chat that holds exactly `text`.
local function chat(child, text, name)
  return child:chat(text .. "\n", name)
end

--- Continues, and waits for the end.
local function continue(child)
  return child:complete("ChatvimComplete!")
end

--- Continues, up to the point where the server waits before its first text.
local function wait_for_text(child, pieces)
  child:begin("ChatvimComplete!", case.standin, replies.gated(pieces))
end

--- Expects the result of continuing a chat, and that it is one undo step.
local function expect_becomes(before, reply, after)
  local child = case.child()
  case.standin:script({ replies.answer(reply) })
  chat(child, before)
  eq(continue(child).outcome, "done")
  eq(child:text(), after)
  case.expect_calm(child)
  for _ = 1, 2 do
    child:feed("u")
    eq(child:text(), before)
    eq(child:lua("return vim.bo.modified"), false)
    child:feed("<C-r>")
    eq(child:text(), after)
  end
end

T["the text is appended to the answer, with which the request ends"] = function()
  expect_becomes(
    QUESTION .. "The answer" .. NEXT,
    " is 42.\n\nReally.",
    QUESTION .. "The answer is 42.\n\nReally." .. NEXT
  )
  local requests = case.standin:requests()
  eq(#requests, 1)
  eq(requests[1].json.messages, {
    { role = "user", content = "Q" },
    { role = "assistant", content = "The answer" },
  })
end

T["if no delimiter follows, one is written, as after a first answer"] = function()
  expect_becomes(QUESTION .. "The answer \n\n", " is 42", QUESTION .. "The answer is 42" .. NEXT)
end

T["white space and further empty messages below stay"] = function()
  local below = "\n\n\n# === USER ===\n\n\n\n# === SYSTEM ===\n"
  expect_becomes(QUESTION .. "The  " .. below, " end", QUESTION .. "The end" .. below)
end

T["a fence that was closed after an interrupted answer is opened again"] = function()
  expect_becomes(
    QUESTION .. "Look:\n```lua\nlocal a\n```" .. NEXT,
    " = 1\nlocal b",
    QUESTION .. "Look:\n```lua\nlocal a = 1\nlocal b\n```" .. NEXT
  )
  local messages = case.standin:requests()[1].json.messages
  eq(messages[2].content, "Look:\n```lua\nlocal a")
end

T["an answer that ended with a fence continues after it"] = function()
  expect_becomes(
    QUESTION .. "```\na\n```" .. NEXT,
    "\n```\n\nThat is all.",
    QUESTION .. "```\na\n```\n\nThat is all." .. NEXT
  )
end

T["a line that becomes a delimiter across the seam is escaped"] = function()
  expect_becomes(
    QUESTION .. "Write\n# === US" .. NEXT,
    "ER ===\nthere",
    QUESTION .. "Write\n\\# === USER ===\nthere" .. NEXT
  )
end

T["an escaped line at the end loses its escape when it becomes another line"] = function()
  expect_becomes(
    QUESTION .. "Write\n\\# === USER ===" .. NEXT,
    " there",
    QUESTION .. "Write\n# === USER === there" .. NEXT
  )
  local messages = case.standin:requests()[1].json.messages
  eq(messages[2].content, "Write\n# === USER ===")
end

T["nothing changes before the first text, then all in one undo step"] = function()
  local child = case.child()
  local before = QUESTION .. "```\nint a\n```  " .. NEXT
  chat(child, before)
  local tick = child:lua("return vim.b.changedtick")
  wait_for_text(child, { " = 1", ";\nint b" })
  eq({ child:text(), child:lua("return vim.b.changedtick") }, { before, tick })
  case.expect_part(child:virtual_text(), "stops")
  case.standin:release("start")
  child:wait_text("int a = 1")
  eq(child:text(), QUESTION .. "```\nint a = 1" .. NEXT)
  case.standin:release("g1")
  child:wait_text("int b")
  case.standin:release("end")
  child:wait_end()
  eq(child:text(), QUESTION .. "```\nint a = 1;\nint b\n```" .. NEXT)
  child:feed("u")
  eq(child:text(), before)
end

T["a kept reasoning block stays, and new reasoning is only counted"] = function()
  local child = case.child({ config = case.config('reasoning = "keep"') })
  local block = "<details><summary>Reasoning</summary>\n\nHm\n\n</details>\n\n"
  case.standin:script({
    {
      steps = {
        { deltas = { text = { "Thought" }, count = 1, field = "reasoning_content" } },
        { wait = "thought" },
        { deltas = { text = { " is 42" }, count = 1 } },
        { finish = "stop" },
      },
    },
  })
  chat(child, QUESTION .. block .. "The answer" .. NEXT)
  child:command("ChatvimComplete!")
  wait.until_true("the count of reasoning", function()
    return child:virtual_text():find("thinking (7 characters)", 1, true)
  end)
  case.standin:release("thought")
  child:wait_end()
  eq(child:text(), QUESTION .. block .. "The answer is 42" .. NEXT)
  eq(case.standin:requests()[1].json.messages[2].content, "The answer")
end

T["a request that fails leaves the chat as it was"] = function()
  local child = case.child()
  local before = QUESTION .. "```\na\n```  " .. NEXT
  case.standin:script({ { status = 400, json = { error = { message = "no prefill" } } } })
  chat(child, before)
  local tick = child:lua("return vim.b.changedtick")
  eq(continue(child).outcome, "error")
  case.expect_part(child:messages(), "no prefill")
  eq({ child:text(), child:lua("return vim.b.changedtick") }, { before, tick })
  case.standin:script({ replies.answer(" b") })
  eq(continue(child).outcome, "done")
  eq(child:text(), QUESTION .. "```\na b\n```" .. NEXT)
end

T["an answer that is already complete is reported as such"] = function()
  local child = case.child()
  local before = QUESTION .. "A" .. NEXT
  case.standin:script({ { steps = { { finish = "stop" } } } })
  chat(child, before)
  eq(continue(child).outcome, "error")
  case.expect_part(child:messages(), "seems to be whole")
  eq(child:messages():find("context", 1, true), nil)
  eq(child:text(), before)
end

T["a stop before any text changes nothing, a later one keeps the text"] = function()
  local child = case.child()
  local before = QUESTION .. "```\na\n```" .. NEXT
  chat(child, before)
  wait_for_text(child, { " b" })
  child:command("ChatvimStop")
  eq(child:wait_end().outcome, "stopped")
  case.standin:wait("closed=1")
  eq(child:text(), before)
  case.standin:script({ replies.hanging(" b\nc") })
  child:command("ChatvimComplete!")
  child:wait_text("a b\nc")
  child:command("ChatvimStop")
  eq(child:wait_end(2).outcome, "stopped")
  eq(child:text(), QUESTION .. "```\na b\nc\n```" .. NEXT)
  eq(child:virtual_text():find("stops", 1, true), nil)
end

T["a stop in the same turn of the loop as the start"] = function()
  local child = case.child()
  local before = QUESTION .. "A" .. NEXT
  chat(child, before)
  child:lua("vim.cmd('ChatvimComplete!') vim.cmd.ChatvimStop()")
  eq(child:wait_end().outcome, "stopped")
  child:sync()
  eq(child:text(), before)
end

T["if the program dies, an open fence is closed and no delimiter is added"] = function()
  local child = case.child()
  chat(child, QUESTION .. "```\na\n```" .. NEXT)
  case.standin:script({ replies.hanging(" b") })
  child:command("ChatvimComplete!")
  child:wait_text("a b")
  assert(vim.uv.kill(child:program_pid(), "sigkill"))
  eq(child:wait_end().outcome, "error")
  eq(child:text(), QUESTION .. "```\na b\n```" .. NEXT)
end

T["edits above and below while waiting stay, and the text goes to its place"] = function()
  local child = case.child()
  chat(child, QUESTION .. "```\na\n```" .. NEXT)
  wait_for_text(child, { " b", " c" })
  child:feed("ggOFirst<CR>Second<Esc>")
  child:feed("GoMy next question<Esc>")
  case.standin:release("start")
  child:wait_text("a b")
  child:feed("ggdd")
  child:feed("GoMore<Esc>")
  case.standin:release("g1")
  case.standin:release("end")
  eq(child:wait_end().outcome, "done")
  eq(
    child:text(),
    "Second\n" .. QUESTION .. "```\na b c\n```" .. NEXT .. "\nMy next question\nMore"
  )
  eq(#case.standin:requests(), 1)
end

T["text typed into the white space after the answer stays below the new text"] = function()
  local child = case.child()
  chat(child, QUESTION .. "The answer\n\n")
  wait_for_text(child, { " is 42" })
  child:feed("GoMy next question<Esc>")
  case.standin:release("start")
  case.standin:release("end")
  eq(child:wait_end().outcome, "done")
  eq(child:text(), QUESTION .. "The answer is 42" .. NEXT .. "\nMy next question")
end

T["an edit in the part to be replaced stops it, and nothing is lost"] = function()
  local child = case.child()
  chat(child, QUESTION .. "```\na\n```" .. NEXT)
  wait_for_text(child, { " b" })
  child:command("7substitute/$/ mine/")
  local edited = child:text()
  case.standin:release("start")
  eq(child:wait_end().outcome, "stopped")
  case.standin:wait("closed=1")
  eq(child:text(), edited)
  case.expect_part(child:messages(), "the text that it was to replace was edited")
end

T["it stops if the answer that it continues is deleted or undone"] = function()
  for _, keys in ipairs({ "gg5Gdd", "u", "ggdG" }) do
    local child = case.child()
    chat(child, QUESTION)
    child:feed("5GccThe answer<Esc>")
    wait_for_text(child, { " is" })
    child:feed(keys)
    local edited = child:text()
    case.standin:release("start")
    eq({ keys, child:wait_end().outcome }, { keys, "stopped" })
    eq({ keys, child:text() }, { keys, edited })
    case.expect_part(child:messages(), "the text before its place was deleted")
    child:stop()
    case.standin:reset()
  end
end

T["undoing the text so far stops it"] = function()
  local child = case.child()
  local before = QUESTION .. "```\na\n```" .. NEXT
  chat(child, before)
  case.standin:script({ replies.gated({ " b", " c" }) })
  child:command("ChatvimComplete!")
  child:wait_text("a b")
  child:feed("u")
  eq(child:text(), before)
  case.standin:release("g1")
  eq(child:wait_end().outcome, "stopped")
  eq(child:text(), before)
  case.expect_part(child:messages(), "it was undone")
end

T["a chat that changes before its place is known is sent again"] = function()
  local child = case.child()
  case.standin:script({
    { match = { body = "Changed" }, steps = replies.answer(" is 42").steps },
    vim.tbl_extend("error", replies.silent(), { ["repeat"] = true }),
  })
  chat(child, QUESTION .. "The answer" .. NEXT)
  child:lua([[
    vim.cmd("ChatvimComplete!")
    vim.api.nvim_buf_set_lines(0, 0, 1, true, { "More", "Changed Q" })
  ]])
  eq(child:wait_end().outcome, "done")
  eq(child:text(), "More\nChanged " .. QUESTION .. "The answer is 42" .. NEXT)
  eq(#child:events("ChatvimStart"), 1)
  case.expect_calm(child)
end

T["a chat that keeps changing is abandoned after three tries"] = function()
  local child = case.child()
  case.standin:script({ vim.tbl_extend("error", replies.silent(), { ["repeat"] = true }) })
  chat(child, QUESTION .. "The answer" .. NEXT)
  child:lua([[
    _G.places = 0
    local process = require("chatvim.program.process")
    local receive = process.receive
    process.receive = function(name, map)
      if name == "place" then
        _G.places = _G.places + 1
        vim.api.nvim_buf_set_lines(0, 0, 0, true, { "More" })
      end
      receive(name, map)
    end
  ]])
  eq(continue(child).outcome, "error")
  eq(child:lua("return _G.places"), 3)
  case.expect_part(child:messages(), "the chat keeps changing")
  eq(child:text(), "More\nMore\nMore\n" .. QUESTION .. "The answer" .. NEXT)
  eq(child:virtual_text(), "")
end

T["a window elsewhere keeps its view, a window at the end follows"] = function()
  local lines = {}
  for index = 1, 100 do
    lines[index] = ("Line %d of a long question"):format(index)
  end
  local before = table.concat(lines, "\n") .. "\n\n# === ASSISTANT ===\n\n```\na\n```"
  local child = case.child({ screen = true })
  local buf = chat(child, before .. NEXT)
  child:command("split")
  child:feed("50Gzt3l")
  local other = child:api("nvim_get_current_win")
  child:command("wincmd p")
  views.screen(child)
  local seen = views.all(child)[tostring(other)]
  local text = (" b\nline"):rep(30)
  wait_for_text(child, { text, " c" })
  case.standin:release("start")
  child:wait_text(text, buf)
  views.screen(child)
  eq(views.all(child)[tostring(other)], seen)
  eq(child:api("nvim_win_get_cursor", 0)[1], #child:lines())
  case.standin:release("g1")
  case.standin:release("end")
  child:wait_end()
  views.screen(child)
  eq(views.all(child)[tostring(other)], seen)
  eq(child:api("nvim_win_get_cursor", 0)[1], #child:lines())
  eq(child:text(), before:sub(1, -5) .. text .. " c\n```" .. NEXT)
end

T["usage is shown at the answer's last line and disappears on undo"] = function()
  local child = case.child()
  case.standin:script({ replies.answer(" is 42") })
  chat(child, QUESTION .. "The answer" .. NEXT)
  eq(continue(child).outcome, "done")
  local rows = child:lua([[
    local namespace = vim.api.nvim_get_namespaces()["chatvim.ui"]
    local marks = vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, {})
    return vim.tbl_map(function(mark) return mark[2] end, marks)
  ]])
  eq(rows, { 4 })
  case.expect_part(child:virtual_text(), "m1")
  child:feed("u")
  wait.until_true("the end of the usage", function()
    return child:lua([[
      local namespace = vim.api.nvim_get_namespaces()["chatvim.ui"]
      local marks = vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true })
      for _, mark in ipairs(marks) do
        if not mark[4].invalid then
          return false
        end
      end
      return true
    ]])
  end)
end

T["wiping the buffer cancels it"] = function()
  local child = case.child()
  chat(child, QUESTION .. "The answer" .. NEXT)
  wait_for_text(child, { " is" })
  child:command("bwipeout!")
  eq(child:wait_end().outcome, "stopped")
  case.standin:wait("closed=1")
  case.expect_calm(child)
end

T["the text is undone separately from what is typed in the same insert mode"] = function()
  local child = case.child()
  chat(child, QUESTION .. "```\na\n```" .. NEXT)
  wait_for_text(child, { " b" })
  child:type("GAMine")
  child:wait_text("Mine")
  case.standin:release("start")
  child:wait_text("a b")
  child:type(" too<Esc>")
  child:wait_text("Mine too")
  case.standin:release("end")
  child:wait_end()
  eq(child:text(), QUESTION .. "```\na b\n```" .. NEXT .. "Mine too")
end

for name, row in pairs({
  ["an empty chat"] = { "", "There is no answer to go on with: write a message first." },
  ["a question"] = { "Q", "the last word is yours, and :ChatvimComplete answers it." },
  ["a question below an answer"] = {
    QUESTION .. "A" .. NEXT .. "R",
    "the last word is yours, and :ChatvimComplete answers it.",
  },
  ["a system message"] = { QUESTION .. "A\n# === SYSTEM ===\nS", "a system message" },
  ["a provider that cannot"] = {
    QUESTION .. "A" .. NEXT,
    "The provider standin cannot go on with an answer; write a message such as",
    'prefill = "none"',
  },
  ["a model that cannot"] = {
    '+++\nmodel = "anthropic/claude-opus-5-5"\n+++\n' .. QUESTION .. "A",
    "The model claude-opus-5-5 (anthropic) cannot go on with an answer",
  },
}) do
  T["refused: " .. name] = function()
    local config = case.config()
    if row[3] then
      config = config:gsub("models =", row[3] .. "\nmodels =")
    end
    local child = case.child({ config = config })
    case.standin:script({})
    chat(child, row[1])
    local tick = child:lua("return vim.b.changedtick")
    eq(continue(child).outcome, "error")
    child:sync()
    local messages = child:messages()
    case.expect_part(messages, row[2])
    eq({ messages, #vim.split(vim.trim(messages), "\n") }, { messages, 1 })
    eq({ child:text(), child:lua("return vim.b.changedtick") }, { row[1], tick })
    eq(#case.standin:requests(), 0)
    eq(child:virtual_text(), "")
  end
end

return T
