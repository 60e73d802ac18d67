-- SPDX-License-Identifier: Apache-2.0
-- Lua's memory in a long session: finished answers and closed chats leave nothing behind (B10).
local case = require("helpers.case")
local replies = require("helpers.replies")

local T = case.set()

local CYCLES, ROUNDS = 60, 4
--- The permitted growth in KB per cycle. A leaked answer takes 3 KB, a chat 4; Neovim 0.12 itself
--- keeps up to 1 KB per markdown buffer.
local MOST = 2

--- Expects Lua's memory not to grow when `cycle` is repeated.
local function expect_flat(child, cycle)
  local function run(first)
    for index = first, first + CYCLES - 1 do
      cycle(index)
      child:lua("_G.seen.ChatvimEnd, _G.seen.ChatvimStart = {}, {}")
    end
    child:sync()
    return child:lua("collectgarbage() collectgarbage() return collectgarbage('count')")
  end
  -- Modules that are loaded once and Neovim's deferred work do not grow in every round; a leak
  -- does.
  local before, growth = run(1), nil
  for round = 1, ROUNDS do
    local after = run(round * CYCLES + 1)
    growth = (after - before) / CYCLES
    if growth <= MOST then
      return
    end
    before = after
  end
  error(("%.1f KB stay of each cycle"):format(growth))
end

local function child_with_answers()
  local reply = replies.answer("One two three")
  reply["repeat"] = true
  case.standin:script({ reply })
  return case.child()
end

T["answers in one chat"] = function()
  local child = child_with_answers()
  child:chat("Q")
  expect_flat(child, function()
    child:complete()
    child:command("silent undo")
  end)
end

T["chats that are wiped"] = function()
  local child = child_with_answers()
  expect_flat(child, function(index)
    child:chat("Q", ("chat%d.md"):format(index % 7))
    child:complete()
    child:command("bwipeout!")
  end)
end

T["hidden chats that are wiped during an answer, without an error"] = function()
  local reply = replies.hanging("One two three")
  reply["repeat"] = true
  case.standin:script({ reply })
  local child = case.child()
  expect_flat(child, function(index)
    local buf = child:chat("Q", ("chat%d.md"):format(index % 7))
    child:command("ChatvimComplete")
    child:wait_text("One", buf)
    child:command("silent write | enew | bwipeout! " .. buf)
  end)
  -- There may be offers to recover, but no errors.
  child:sync()
  MiniTest.expect.equality(child:messages():find("traceback", 1, true), nil)
end

return T
