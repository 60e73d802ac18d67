-- SPDX-License-Identifier: Apache-2.0
-- The user's buffer is never locked (B25).
local case = require("helpers.case")
local replies = require("helpers.replies")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

--- Records every change of the two options from now on.
local WATCH = [[
  _G.changed = {}
  vim.api.nvim_create_autocmd("OptionSet", {
    pattern = { "modifiable", "readonly", "modified" },
    callback = function(event) table.insert(_G.changed, event.match) end,
  })
]]

T["'modifiable' and 'readonly' stay as they are, and typing works meanwhile"] = function()
  local child = case.child()
  case.standin:script({ replies.gated({ "one", " two" }) })
  child:chat("Q")
  child:lua(WATCH)
  child:command("ChatvimComplete")
  child:wait_text("one")
  eq(child:lua("return { vim.bo.modifiable, vim.bo.readonly }"), { true, false })
  child:feed("ggAmine<Esc>")
  eq(child:lines()[1], "Qmine")
  case.standin:release("g1")
  case.standin:release("end")
  child:wait_end()
  eq(child:lua("return _G.changed"), {})
end

T["in a 'readonly' buffer an answer causes no warning, and it stays 'readonly'"] = function()
  local child = case.child({ screen = true })
  case.standin:script({ replies.answer("A") })
  child:chat("Q")
  child:command("setlocal readonly")
  child:lua(WATCH)
  child:complete()
  eq(child:text(), case.answered("Q", "A"))
  eq(child:lua("return vim.bo.readonly"), true)
  eq(child:lua("return _G.changed"), {})
  eq(child:api("nvim_get_mode").blocking, false)
  eq(child:messages():find("W10", 1, true), nil)
end

T["a buffer made 'nomodifiable' gets the rest when it is modifiable again"] = function()
  local child = case.child()
  case.standin:script({ replies.gated({ "one", " two", " three" }) })
  child:chat("Q")
  child:command("ChatvimComplete")
  child:wait_text("one")
  child:command("setlocal nomodifiable")
  case.standin:release("g1")
  case.standin:release("g2")
  wait.until_true("the progress mark's words", function()
    return child:virtual_text():find("'modifiable' is off", 1, true)
  end)
  eq(child:text(), "Q\n\n# === ASSISTANT ===\n\none")
  eq(child:lua("return vim.bo.modifiable"), false)
  child:command("setlocal modifiable")
  child:wait_text("three")
  case.standin:release("end")
  eq(child:wait_end().outcome, "done")
  eq(child:text(), case.answered("Q", "one two three"))
  child:feed("u")
  eq(child:text(), "Q")
end

T["stopped while the buffer is 'nomodifiable', the answer ends without harm"] = function()
  local child = case.child()
  case.standin:script({ replies.gated({ "one", " two" }) })
  child:chat("Q")
  child:command("ChatvimComplete")
  child:wait_text("one")
  child:command("setlocal nomodifiable")
  case.standin:release("g1")
  wait.until_true("the progress mark's words", function()
    return child:virtual_text():find("'modifiable' is off", 1, true)
  end)
  child:command("ChatvimStop")
  eq(child:wait_end().outcome, "stopped")
  case.standin:wait("closed=1")
  eq(child:text(), "Q\n\n# === ASSISTANT ===\n\none")
  eq(child:virtual_text(), "")
end

T["after an error in a user's autocommand, typing and the next send work"] = function()
  local child = case.child()
  case.standin:script({ replies.answer("A"), replies.answer("B") })
  child:chat("Q")
  child:command("autocmd User ChatvimStart,ChatvimEnd throw 'mine'")
  eq(child:complete().outcome, "done")
  child:sync()
  eq(child:text(), case.answered("Q", "A"))
  case.expect_part(child:messages(), "mine")
  eq(child:lua("return require('chatvim').status()"), "")
  child:feed("GiR<Esc>")
  eq(child:complete().outcome, "done")
  eq(child:text(), case.answered(case.answered("Q", "A") .. "R", "B"))
end

return T
