-- SPDX-License-Identifier: Apache-2.0
-- One answer per buffer, many buffers (B27).
local case = require("helpers.case")
local replies = require("helpers.replies")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local function question(index)
  return ('+++\nmodel = "m%d"\n+++\nQuestion %d'):format(index, index)
end

--- Starts eight answers: "first N" has arrived in each, the rest waits at the gate "rest".
local function start_eight(child)
  local list, bufs = {}, {}
  for index = 1, 8 do
    table.insert(list, {
      match = { model = "m" .. index },
      steps = {
        { deltas = { text = { "first " .. index }, count = 1 } },
        { wait = "rest" },
        { deltas = { text = " word" .. index, count = 50 } },
        { finish = "stop" },
      },
    })
  end
  case.standin:script(list)
  for index = 1, 8 do
    bufs[index] = child:chat(question(index), ("chat%d.md"):format(index))
    child:command("ChatvimComplete")
  end
  for index = 1, 8 do
    child:wait_text("first " .. index, bufs[index])
  end
  return bufs
end

local function whole(index)
  return case.answered(question(index), "first " .. index .. (" word" .. index):rep(50))
end

T["a second send in a busy buffer is refused"] = function()
  local child = case.child()
  case.standin:script({ replies.gated({ "one", " two" }), replies.answer("never") })
  child:chat("Q")
  child:command("ChatvimComplete")
  child:wait_text("one")
  child:command("ChatvimComplete")
  case.expect_part(child:messages(), "still being written")
  case.standin:release("g1")
  case.standin:release("end")
  child:wait_end()
  child:sync()
  eq(#child:events("ChatvimStart"), 1)
  eq(#child:events("ChatvimEnd"), 1)
  eq(#case.standin:requests(), 1)
  eq(child:text(), case.answered("Q", "one two"))
end

T["eight at once, and stopping one leaves seven"] = function()
  local child = case.child()
  local bufs = start_eight(child)
  eq(#case.standin:requests(), 8)
  child:lua("require('chatvim').stop(...)", bufs[3])
  local stopped = child:wait_end()
  eq({ stopped.buf, stopped.outcome }, { bufs[3], "stopped" })
  case.standin:wait("closed=1")
  for index = 1, 8 do
    local status = child:lua("return require('chatvim').status(...)", bufs[index])
    eq({ index, status == "" }, { index, index == 3 })
  end
  case.standin:release("rest", true)
  child:wait_end(8)
  for index = 1, 8 do
    local expected = index == 3 and case.answered(question(3), "first 3") or whole(index)
    eq(child:text(bufs[index]), expected)
  end
  eq(#child:events("ChatvimEnd"), 8)
  case.expect_calm(child)
end

T["status() shows the current buffer's answer and counts others; or one buffer's"] = function()
  local child = case.child()
  local function status(buf)
    return child:lua("return require('chatvim').status(...)", buf)
  end
  eq({ status(), status(0) }, { "", "" })
  local bufs = start_eight(child)
  eq(status():find("^m8 writing %d+ s · 8 answers$") ~= nil, true)
  eq(status(0):find("^m8 writing %d+ s$") ~= nil, true)
  eq(status(bufs[2]):find("^m2 writing %d+ s$") ~= nil, true)
  child:command("enew")
  eq({ status(), status(0) }, { "8 answers", "" })
  for index = 1, 7 do
    child:lua("require('chatvim').stop(...)", bufs[index])
  end
  child:wait_end(7)
  eq({ status(), status(bufs[2]) }, { "1 answer", "" })
  child:api("nvim_set_current_buf", bufs[8])
  eq(status():find("^m8 writing %d+ s$") ~= nil, true)
  case.standin:release("rest", true)
  child:wait_end(8)
  eq({ status(), status(0) }, { "", "" })
end

T[":ChatvimStop! stops them all"] = function()
  local child = case.child()
  start_eight(child)
  child:command("enew")
  child:command("ChatvimStop!")
  child:wait_end(8)
  for _, data in ipairs(child:events("ChatvimEnd")) do
    eq(data.outcome, "stopped")
  end
  case.standin:wait("closed=8")
  child:command("ChatvimStop!")
  wait.until_true("the message", function()
    return child:messages():find("no answer is being written", 1, true)
  end)
end

return T
