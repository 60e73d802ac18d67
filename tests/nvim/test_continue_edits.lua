-- SPDX-License-Identifier: Apache-2.0
-- Edits of a chat while :ChatvimComplete! continues its last answer.
local case = require("helpers.case")
local continuing = require("helpers.continuing")
local replies = require("helpers.replies")
local eq = MiniTest.expect.equality

local T = case.set()

local QUESTION, NEXT = case.QUESTION, case.NEXT

T["edits above and below while waiting stay, and the text goes to its place"] = function()
  local child = case.child()
  continuing.chat(child, QUESTION .. "```\na\n```" .. NEXT)
  continuing.begin(child, { " b", " c" })
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
  continuing.chat(child, QUESTION .. "The answer\n\n")
  continuing.begin(child, { " is 42" })
  child:feed("GoMy next question<Esc>")
  case.standin:release("start")
  case.standin:release("end")
  eq(child:wait_end().outcome, "done")
  eq(child:text(), QUESTION .. "The answer is 42" .. NEXT .. "\nMy next question")
end

T["an edit in the part to be replaced stops it, and nothing is lost"] = function()
  local child = case.child()
  continuing.chat(child, QUESTION .. "```\na\n```" .. NEXT)
  continuing.begin(child, { " b" })
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
    continuing.chat(child, QUESTION)
    child:feed("5GccThe answer<Esc>")
    continuing.begin(child, { " is" })
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
  continuing.chat(child, before)
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
  continuing.chat(child, QUESTION .. "The answer" .. NEXT)
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
  continuing.chat(child, QUESTION .. "The answer" .. NEXT)
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
  eq(continuing.run(child).outcome, "error")
  eq(child:lua("return _G.places"), 3)
  case.expect_part(child:messages(), "the chat keeps changing")
  eq(child:text(), "More\nMore\nMore\n" .. QUESTION .. "The answer" .. NEXT)
  eq(child:virtual_text(), "")
end

return T
