-- SPDX-License-Identifier: Apache-2.0
-- Continuations that are refused, fail or are stopped.
local case = require("helpers.case")
local continuing = require("helpers.continuing")
local replies = require("helpers.replies")
local eq = MiniTest.expect.equality

local T = case.set()

local QUESTION, NEXT = case.QUESTION, case.NEXT

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
    continuing.chat(child, row[1])
    local tick = child:lua("return vim.b.changedtick")
    eq(continuing.run(child).outcome, "error")
    child:sync()
    local messages = child:messages()
    case.expect_part(messages, row[2])
    eq({ messages, #vim.split(vim.trim(messages), "\n") }, { messages, 1 })
    eq({ child:text(), child:lua("return vim.b.changedtick") }, { row[1], tick })
    eq(#case.standin:requests(), 0)
    eq(child:virtual_text(), "")
  end
end

T["a request that fails leaves the chat as it was"] = function()
  local child = case.child()
  local before = QUESTION .. "```\na\n```  " .. NEXT
  case.standin:script({ { status = 400, json = { error = { message = "no prefill" } } } })
  continuing.chat(child, before)
  local tick = child:lua("return vim.b.changedtick")
  eq(continuing.run(child).outcome, "error")
  case.expect_part(child:messages(), "no prefill")
  eq({ child:text(), child:lua("return vim.b.changedtick") }, { before, tick })
  case.standin:script({ replies.answer(" b") })
  eq(continuing.run(child).outcome, "done")
  eq(child:text(), QUESTION .. "```\na b\n```" .. NEXT)
end

T["an answer that is already complete is reported as such"] = function()
  local child = case.child()
  local before = QUESTION .. "A" .. NEXT
  case.standin:script({ { steps = { { finish = "stop" } } } })
  continuing.chat(child, before)
  eq(continuing.run(child).outcome, "error")
  case.expect_part(child:messages(), "seems to be whole")
  eq(child:messages():find("context", 1, true), nil)
  eq(child:text(), before)
end

T["a stop before any text changes nothing, a later one keeps the text"] = function()
  local child = case.child()
  local before = QUESTION .. "```\na\n```" .. NEXT
  continuing.chat(child, before)
  continuing.begin(child, { " b" })
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
  continuing.chat(child, before)
  child:lua("vim.cmd('ChatvimComplete!') vim.cmd.ChatvimStop()")
  eq(child:wait_end().outcome, "stopped")
  child:sync()
  eq(child:text(), before)
end

T["if the program dies, an open fence is closed and no delimiter is added"] = function()
  local child = case.child()
  continuing.chat(child, QUESTION .. "```\na\n```" .. NEXT)
  case.standin:script({ replies.hanging(" b") })
  child:command("ChatvimComplete!")
  child:wait_text("a b")
  assert(vim.uv.kill(child:program_pid(), "sigkill"))
  eq(child:wait_end().outcome, "error")
  eq(child:text(), QUESTION .. "```\na b\n```" .. NEXT)
end

T["wiping the buffer cancels it"] = function()
  local child = case.child()
  continuing.chat(child, QUESTION .. "The answer" .. NEXT)
  continuing.begin(child, { " is" })
  child:command("bwipeout!")
  eq(child:wait_end().outcome, "stopped")
  case.standin:wait("closed=1")
  case.expect_calm(child)
end

return T
