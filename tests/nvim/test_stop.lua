-- SPDX-License-Identifier: Apache-2.0
-- Stop stops, in every phase (B2).
local case = require("helpers.case")
local files = require("helpers.system")
local replies = require("helpers.replies")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

--- Waits until the progress mark shows a phase.
local function wait_phase(child, phase)
  wait.until_true("the phase " .. phase, function()
    return child:virtual_text():find(phase, 1, true)
  end)
end

--- Expects, after a stop, one outcome, no progress mark, and that the next send in the buffer
--- works.
local function expect_ready(child, question, requests_before)
  eq(child:wait_end().outcome, "stopped")
  child:sync()
  eq(#child:events("ChatvimEnd"), 1)
  eq(child:virtual_text():find("stops", 1, true), nil)
  eq(child:lua("return require('chatvim').status()"), "")
  eq(#case.standin:requests(), requests_before)
  case.standin:script({ replies.answer("next") })
  local before = child:text()
  eq(child:complete().outcome, "done")
  eq(child:text(), case.answered(before, "next"))
  local requests = case.standin:requests()
  eq(#requests, requests_before + 1)
  local messages = requests[#requests].json.messages
  eq(messages[#messages].content, question)
end

T["while the key is looked up"] = function()
  local child = case.child()
  local command = ("echo $$ >%s/pid; exec sleep 25"):format(child.folder)
  local key = ('api_key_command = ["sh", "-c", "%s"]\nmodels ='):format(command)
  child:write_config((case.config():gsub("models =", key)))
  child:chat("Q")
  child:command("ChatvimComplete")
  local pid = wait.until_true("the key command's start", function()
    local file = io.open(child.folder .. "/pid")
    local text = file and file:read("*a")
    return text and tonumber(text)
  end)
  child:command("ChatvimStop")
  eq(child:wait_end().outcome, "stopped")
  wait.until_true("the end of the key command", function()
    return not files.is_alive(pid)
  end)
  eq(child:text(), "Q")
  eq(#case.standin:records().connections, 0)
end

T["while connecting"] = function()
  -- A TLS handshake that is never answered: the plain server reads nothing.
  local child = case.child({ config = case.config():gsub("http:", "https:") })
  case.standin:script({ replies = {}, greeting = "hang" })
  child:chat("Q")
  child:command("ChatvimComplete")
  case.standin:wait("connections=1")
  wait_phase(child, "connecting")
  child:command("ChatvimStop")
  eq(child:wait_end().outcome, "stopped")
  case.standin:wait("connections_closed=1")
  eq(child:text(), "Q")
  child:write_config(case.config())
  case.standin:script({ replies = {}, greeting = "serve" })
  expect_ready(child, "Q", 0)
end

T["while waiting for the first byte"] = function()
  local child = case.child()
  case.standin:script({ replies.silent() })
  child:chat("Q")
  child:command("ChatvimComplete")
  case.standin:wait("wait=1")
  wait_phase(child, "waiting")
  child:command("ChatvimStop")
  child:wait_end()
  case.standin:wait("closed=1")
  eq(child:text(), "Q")
  expect_ready(child, "Q", 1)
end

T["while it is written: the text stays, and nothing is added after it"] = function()
  local child = case.child()
  local endless =
    { steps = { { deltas = { text = "word{n} ", count = 200000, per_second = 4000 } } } }
  case.standin:script({ endless })
  child:chat("Q")
  child:command("ChatvimComplete")
  child:wait_text("word50 ")
  child:command("ChatvimStop")
  child:wait_end()
  local tick = child:lua("return vim.b.changedtick")
  case.standin:wait("closed=1")
  child:sync()
  eq(child:lua("return vim.b.changedtick"), tick)
  local answer = child:text():match("^Q\n\n# === ASSISTANT ===\n\n(.*)\n\n# === USER ===\n\n$")
  eq(answer:sub(1, 12), "word1 word2 ")
  child:feed("GiNext<Esc>")
  expect_ready(child, "Next", 1)
end

T["an open fence is closed on stop"] = function()
  local child = case.child()
  case.standin:script({ replies.hanging("Look:\n```lua\nlocal a = 1") })
  child:chat("Q")
  child:command("ChatvimComplete")
  child:wait_text("local a = 1")
  child:command("ChatvimStop")
  child:wait_end()
  eq(child:text(), case.answered("Q", "Look:\n```lua\nlocal a = 1\n```"))
end

T["with the stop key, from the function, and twice"] = function()
  local child = case.child()
  case.standin:script({ replies.hanging("one"), replies.hanging("two") })
  child:chat("Q")
  child:command("ChatvimComplete")
  child:wait_text("one")
  child:feed("\\cvs")
  eq(child:wait_end().outcome, "stopped")
  child:feed("GiR<Esc>")
  child:command("ChatvimComplete")
  child:wait_text("two")
  eq(child:lua("return require('chatvim').stop()"), true)
  child:command("ChatvimStop")
  eq(child:wait_end(2).outcome, "stopped")
  child:sync()
  eq(#child:events("ChatvimEnd"), 2)
  case.standin:wait("closed=2")
end

T["with nothing to stop, a message says so"] = function()
  local child = case.child()
  child:chat("Q")
  child:command("ChatvimStop")
  case.expect_part(child:messages(), "no answer is being written")
  eq(child:lua("return require('chatvim').stop()"), false)
  eq(child:text(), "Q")
end

T["in the same turn of the loop as the start"] = function()
  local child = case.child()
  case.standin:script({ replies.hanging("late") })
  child:chat("Q")
  child:lua("vim.cmd.ChatvimComplete() vim.cmd.ChatvimStop()")
  eq(child:wait_end().outcome, "stopped")
  child:sync()
  eq(child:text(), "Q")
  -- The stopped request may reach the stand-in only now and take a reply, so there are two.
  case.standin:script({ replies.answer("next"), replies.answer("next") })
  eq(child:complete().outcome, "done")
  eq(child:text(), case.answered("Q", "next"))
end

return T
