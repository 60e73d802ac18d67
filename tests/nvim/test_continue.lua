-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimComplete! continues the last answer.
local case = require("helpers.case")
local continuing = require("helpers.continuing")
local replies = require("helpers.replies")
local views = require("helpers.views")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local QUESTION, NEXT = case.QUESTION, case.NEXT

--- Expects the result of continuing a chat, and that it is one undo step.
local function expect_becomes(before, reply, after)
  local child = case.child()
  case.standin:script({ replies.answer(reply) })
  continuing.chat(child, before)
  eq(continuing.run(child).outcome, "done")
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
  continuing.chat(child, before)
  local tick = child:lua("return vim.b.changedtick")
  continuing.begin(child, { " = 1", ";\nint b" })
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
  continuing.chat(child, QUESTION .. block .. "The answer" .. NEXT)
  child:command("ChatvimComplete!")
  wait.until_true("the count of reasoning", function()
    return child:virtual_text():find("thinking (7 characters)", 1, true)
  end)
  case.standin:release("thought")
  child:wait_end()
  eq(child:text(), QUESTION .. block .. "The answer is 42" .. NEXT)
  eq(case.standin:requests()[1].json.messages[2].content, "The answer")
end

T["a window elsewhere keeps its view, a window at the end follows"] = function()
  local lines = {}
  for index = 1, 100 do
    lines[index] = ("Line %d of a long question"):format(index)
  end
  local before = table.concat(lines, "\n") .. "\n\n# === ASSISTANT ===\n\n```\na\n```"
  local child = case.child({ screen = true })
  local buf = continuing.chat(child, before .. NEXT)
  child:command("split")
  child:feed("50Gzt3l")
  local other = child:api("nvim_get_current_win")
  child:command("wincmd p")
  views.screen(child)
  local seen = views.all(child)[tostring(other)]
  local text = (" b\nline"):rep(30)
  continuing.begin(child, { text, " c" })
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
  continuing.chat(child, QUESTION .. "The answer" .. NEXT)
  eq(continuing.run(child).outcome, "done")
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

T["the text is undone separately from what is typed in the same insert mode"] = function()
  local child = case.child()
  continuing.chat(child, QUESTION .. "```\na\n```" .. NEXT)
  continuing.begin(child, { " b" })
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

return T
