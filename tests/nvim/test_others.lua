-- SPDX-License-Identifier: Apache-2.0
-- Other answers in an answer: how they fold, what is none, and that none is lost.
local case = require("helpers.case")
local continuing = require("helpers.continuing")
local replies = require("helpers.replies")
local eq = MiniTest.expect.equality

local T = case.set()

--- Returns the lines of another answer.
local function other(...)
  local lines = { "<details><summary>Answer: a/b</summary>", "" }
  vim.list_extend(lines, { ... })
  return vim.list_extend(lines, { "", "<!-- chatvim:answer c/d price=1 -->", "", "</details>" })
end

--- Returns a child that shows a chat whose answer has these lines.
local function folded(...)
  local lines = { "# === USER ===", "", "Q", "", "# === ASSISTANT ===", "", "Text.", "" }
  for _, block in ipairs({ ... }) do
    vim.list_extend(lines, block)
    table.insert(lines, "")
  end
  vim.list_extend(lines, { "# === USER ===", "", "next" })
  local child = case.child({ options = { folds = true }, screen = true })
  child:chat(table.concat(lines, "\n"))
  return child
end

--- Returns the closed folds of the window, each as its first and last line and its text.
local function closed(child)
  return child:lua([[
    local found, line = {}, 1
    while line <= vim.fn.line("$") do
      local last = vim.fn.foldclosedend(line)
      if last ~= -1 then
        table.insert(found, { line, last, vim.fn.foldtextresult(line) })
        line = last
      end
      line = line + 1
    end
    return found
  ]])
end

T["each other answer folds to one line"] = function()
  local child = folded(other("Two.", "\\</details>"), other("Three."))
  eq(closed(child), {
    { 9, 16, "other answer · c/d … 8 lines" },
    { 18, 24, "other answer · c/d … 7 lines" },
  })
end

T["what is no other answer does not fold"] = function()
  local whole = other("Two.")
  local wrong = {
    vim.list_slice(whole, 1, #whole - 1),
    { whole[1], "Two.", "<!-- chatvim:answer c/d -->", "</details>" },
    { whole[1], "", "<!-- chatvim:answer c/d", "</details>" },
    { whole[1], "", "Two.", "</details>" },
    other("Two.", "<details><summary>Step 1"),
    { "\\" .. whole[1], unpack(whole, 2) },
  }
  for _, block in ipairs(wrong) do
    eq({ block, closed(folded(block)) }, { block, {} })
  end
end

T["folds of other answers follow edits"] = function()
  local child = folded(other("Two."), other("Three."))
  local levels = "return vim.tbl_map(vim.fn.foldlevel, vim.fn.range(1, vim.fn.line('$')))"
  local before = child:lua(levels)
  for _, keys in ipairs({ "9Gzodd", "u", "13Gzodd", "u", "7Gonew<Esc>", "u" }) do
    child:feed(keys)
    child:sync()
    local now = child:lua(levels)
    child:command("setlocal foldmethod=manual | silent! normal! zE")
    child:command("setlocal foldmethod=expr")
    eq({ keys, now }, { keys, child:lua(levels) })
  end
  eq(child:lua(levels), before)
end

local BELOW = "\n\n" .. table.concat(other("Two."), "\n")
local ANSWERED = case.QUESTION .. "The answer\n\n<!-- chatvim:answer e/f -->" .. BELOW .. case.NEXT

T["a continued answer keeps its others below, in one undo step"] = function()
  local child = case.child()
  case.standin:script({ replies.answer(" is 42.") })
  continuing.chat(child, ANSWERED)
  eq(continuing.run(child).outcome, "done")
  eq(child:text(), case.QUESTION .. "The answer is 42." .. BELOW .. case.NEXT)
  eq(case.standin:requests()[1].json.messages[2], { role = "assistant", content = "The answer" })
  case.expect_calm(child)
  child:feed("u")
  eq(child:text(), ANSWERED)
end

T["the program killed while an answer with others is continued: they stay"] = function()
  local child = case.child()
  continuing.chat(child, ANSWERED)
  case.standin:script({ replies.hanging(" is 42") })
  child:command("ChatvimComplete!")
  child:wait_text(" is 42")
  assert(vim.uv.kill(child:program_pid(), "sigkill"))
  eq(child:wait_end().outcome, "error")
  eq(child:text(), case.QUESTION .. "The answer is 42" .. BELOW .. case.NEXT)
end

T["a retried answer goes with its others"] = function()
  local child = case.child()
  case.standin:script({ replies.answer("New.") })
  continuing.chat(child, ANSWERED)
  eq(child:complete("ChatvimRetry").outcome, "done")
  eq(child:text(), case.QUESTION .. "New." .. case.NEXT)
end

T["with `provenance` an answer in a buffer ends with one"] = function()
  local child = case.child()
  case.standin:script({ replies.answer("Hello") })
  child:chat("+++\nprovenance = true\n+++\nQ")
  eq(child:complete().outcome, "done")
  local text = child:text()
  case.expect_part(text, "Hello\n\n<!-- chatvim:answer standin/")
  eq(text:find(" %-%->\n\n# === USER ===\n\n$") ~= nil, true)
  child:feed("u")
  eq(child:text():find("chatvim:answer", 1, true), nil)
end

return T
