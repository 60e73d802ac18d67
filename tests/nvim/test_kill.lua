-- SPDX-License-Identifier: Apache-2.0
-- Kills Neovim, the program, or both at random moments of an answer: no process is left, and
-- nothing is lost (B3, B30). CHATVIM_KILLS (10; 100 in `make soak`) is the number of cycles of
-- each.
local case = require("helpers.case")
local editing = require("helpers.editing")
local faults = require("helpers.faults")
local files = require("helpers.system")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local CYCLES = tonumber(vim.env.CHATVIM_KILLS) or 10
local LONG = vim.env.CHATVIM_KILLS ~= nil
local BEFORE, AFTER = "Q\n\n# === ASSISTANT ===\n\n", "\n\n# === USER ===\n\n"

--- Numbered deltas of the stand-in. Every fourth begins a line, every sixteenth a paragraph.
local DELTAS = {}
for index = 0, 15 do
  local before = index == 15 and "\n\n" or index % 4 == 3 and "\n" or " "
  DELTAS[index + 1] = before .. "w{n}"
end
local COUNT = 4000
local TRUTH = {}
for index = 1, COUNT do
  TRUTH[index] = DELTAS[(index - 1) % #DELTAS + 1]:gsub("{n}", index)
end
TRUTH = table.concat(TRUTH)

--- Returns the answer in a chat, or nil if there is none. Fails unless it is a beginning of the
--- true answer, with or without the delimiter that ends it. With `ahead`, the saved file may have
--- more of the answer than the journal, which is written five times a second; further lines then
--- count as the user's and stay below a delimiter.
---@param text string
---@param ahead? boolean
---@return string
local function answer_in(text, ahead)
  if text == "Q" then
    return ""
  end
  eq(text:sub(1, #BEFORE), BEFORE)
  local answer = text:sub(#BEFORE + 1)
  if vim.endswith(answer, AFTER) then
    answer = answer:sub(1, -#AFTER - 1)
  end
  if ahead then
    local first, last = answer:find(AFTER, 1, true)
    if first and answer:sub(last + 1, last + 1) == "\n" then
      answer = answer:sub(1, first - 1) .. answer:sub(last + 1)
    end
  end
  for at = 1, #answer do
    if answer:byte(at) ~= TRUTH:byte(at) then
      local around = answer:sub(math.max(1, at - 60), at + 60)
      error(("not the answer's at byte %d of %d: %q"):format(at, #answer, around))
    end
  end
  return answer
end

--- Starts an answer and waits for a random part of it, which unlike a random delay works on any
--- machine.
---@return integer? pid of the program
local function start(child, random)
  case.standin:script({
    {
      steps = {
        { deltas = { text = DELTAS, count = COUNT, per_second = 6000 } },
        -- The answer never ends by itself, since on a busy machine the kill may be late.
        { hang = true },
      },
    },
  })
  child:command("ChatvimComplete")
  local size = random(0, 4) == 0 and 0 or random(1, 6000)
  wait.until_true(("%d bytes of the answer"):format(size), function()
    return #child:text() - #BEFORE >= size or size == 0
  end)
  if random(0, 2) == 0 then
    child:command("silent write")
  end
  return child:program_pid()
end

--- Waits until no process of a child is left.
local function expect_nothing_left(child)
  wait.until_true("the end of every process", function()
    return #faults.processes(child.home) == 0
  end)
end

--- Recovers the answer of a killed Neovim in another one, and returns it.
local function recovered(child, ahead)
  local second = child:another({ files = { "chat.md" } })
  -- The offer arrives before the answer to a later question.
  second:lua("return require('chatvim').messages()")
  second:sync()
  local offer = second:messages()
  second:command("messages clear | ChatvimRecover")
  second:wait_message("chatvim: ")
  second:sync()
  local answer = answer_in(second:text(), ahead)
  second:stop()
  return answer, offer
end

--- Replaces the parts of a sentence that differ from run to run.
local function stable(text)
  return (vim.trim(text):gsub("[%d,]+ characters", "N characters"):gsub("at [%d:]+", "at TIME"))
end

--- Runs cycles in which `kill` ends a Neovim during an answer.
---@param name string
---@param kill fun(child: tests.Child, pid?: integer)
---@param least fun(seen: string, saved: string): string what must be there again
---@param ahead? boolean
local function cycles_with_neovim(name, kill, least, ahead)
  local seed = faults.seed(name, LONG)
  local random = editing.random(seed)
  local most, sentence = 0, nil
  for cycle = 1, CYCLES do
    local child = case.child()
    child:chat("Q")
    local pid = start(child, random)
    local seen = answer_in(child:text())
    kill(child, pid)
    wait.until_true("the end of the program", function()
      return not pid or not files.is_alive(pid)
    end)
    local saved = answer_in((files.read(child.folder .. "/chat.md"):gsub("\n$", "")))
    local answer, offer = recovered(child, ahead)
    local wanted = least(seen, saved)
    eq({ seed, cycle, answer:sub(1, #wanted) }, { seed, cycle, wanted })
    most = math.max(most, #answer)
    sentence = offer:find("cut off", 1, true) and offer or sentence
    expect_nothing_left(child)
    case.standin:reset()
  end
  io.stdout:write(("%s: %d cycles, up to %d bytes put back\n"):format(name, CYCLES, most))
  return sentence
end

T["Neovim killed at any moment: all seen text is restored, no process is left"] = function()
  local offer = cycles_with_neovim("kill Neovim", function(child)
    child:kill()
  end, function(seen)
    return seen
  end)
  local came = "everything that had arrived, restored by `:ChatvimRecover`"
  faults.expect_row({ "killed: Neovim, during an answer", came, "-", stable(offer) })
end

T["both killed at any moment: saved text stays, only answer text is restored"] = function()
  -- Text of the last two seconds may be lost, since the program had no time to write it.
  local offer = cycles_with_neovim("kill both", function(child, pid)
    if pid then
      assert(vim.uv.kill(pid, "sigkill"))
    end
    child:kill()
  end, function(_, saved)
    return saved
  end, true)
  local came = "what had arrived two seconds earlier, restored by `:ChatvimRecover`"
  faults.expect_row({ "killed: both, as in a power cut", came, "-", stable(offer) })
end

T["the program killed at any moment: the text stays, one message, the next send works"] = function()
  local seed = faults.seed("kill the program", LONG)
  local random = editing.random(seed)
  local child = case.child()
  local sentence
  for cycle = 1, CYCLES do
    child:chat("Q", ("chat%d.md"):format(cycle))
    start(child, random)
    local seen = answer_in(child:text())
    local pid = wait.until_true("the program", function()
      return child:program_pid()
    end)
    assert(vim.uv.kill(pid, "sigkill"))
    local ended = child:wait_end(cycle)
    child:sync()
    eq({ seed, cycle, ended.outcome }, { seed, cycle, "error" })
    local messages = child:messages()
    local _, count = messages:gsub("chatvim: ", "")
    eq({ seed, cycle, messages, count }, { seed, cycle, messages, 1 })
    sentence = messages
    local answer = answer_in(child:text())
    eq({ seed, cycle, answer:sub(1, #seen) }, { seed, cycle, seen })
    -- The rest that had arrived is recovered.
    child:command("messages clear | ChatvimRecover")
    child:wait_message("chatvim: ")
    child:sync()
    local more = answer_in(child:text())
    eq({ seed, cycle, more:sub(1, #answer) }, { seed, cycle, answer })
    child:command("messages clear | silent write")
    case.standin:reset()
  end
  child:stop()
  expect_nothing_left(child)
  io.stdout:write(("kill the program: %d cycles\n"):format(CYCLES))
  -- The message has one more clause if text is known to be missing.
  sentence = sentence:gsub("; :ChatvimRecover adds what else had arrived", "")
  local came = "its beginning; `:ChatvimRecover` restores the rest that had arrived"
  faults.expect_row({ "killed: the program, during an answer", came, "error", stable(sentence) })
end

return T
