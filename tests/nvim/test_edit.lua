-- SPDX-License-Identifier: Apache-2.0
-- Random edits anywhere while an answer arrives, checked against a model (B4).
local case = require("helpers.case")
local editing = require("helpers.editing")
local replies = require("helpers.replies")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local ABOVE = [[
# A chat

Some lines to work on,
with a few words each
and an end: αβγ.

The question?]]

local PIECES = 24

--- Returns pieces of an answer that cannot be confused with anything that the user types.
local function pieces()
  local list = {}
  for index = 1, PIECES do
    local before = index == 1 and ""
      or (index % 5 == 0 and "\n\n")
      or (index % 3 == 0 and "\n")
      or " "
    list[index] = ("%s<answer %d>"):format(before, index)
  end
  return list
end

--- Returns a random byte offset in a segment that is not inside a character.
local function place(random, text)
  local at = random(0, #text)
  while at > 0 and at < #text and text:byte(at + 1) >= 0x80 and text:byte(at + 1) < 0xC0 do
    at = at - 1
  end
  return at
end

--- Makes one edit of the user's: an insertion or a deletion, through the API or typed.
local function edit(child, model, random, number)
  local segment = ({ "above", "above", "answer", "below", "below" })[random(1, 5)]
  local text = model[segment]
  local at = place(random, text)
  -- Text inserted at the end of the answer belongs below: the answer continues before it.
  if segment == "answer" and at == #text then
    segment, text, at = "below", model.below, 0
  end
  local start = model:start(segment) + at
  local row, column = model:position(start)
  local kind = random(1, 4)
  if kind == 1 and segment ~= "answer" and #text > at then
    local last = at + place(random, text:sub(at + 1, at + 30))
    local end_row, end_column = model:position(model:start(segment) + last)
    child:api("nvim_buf_set_text", 0, row, column, end_row, end_column, { "" })
    model:replace(segment, at, last - at, "")
  elseif kind == 2 then
    local written = ("‹%d›\n"):format(number)
    child:api("nvim_buf_set_text", 0, row, column, row, column, vim.split(written, "\n"))
    model:replace(segment, at, 0, written)
  else
    local written = ("«%d»"):format(number)
    child:api("nvim_win_set_cursor", 0, { row + 1, column })
    local line = child:api("nvim_get_current_line")
    child:feed((column == #line and "A" or "i") .. written .. "<Esc>")
    model:replace(segment, at, 0, written)
  end
end

--- Removes the user's insertions from the answer; they may be nested.
local function answer_alone(text)
  local lines, words
  repeat
    text, words = text:gsub("«%d+»", "")
    text, lines = text:gsub("‹%d+›\n", "")
  until lines + words == 0
  return text
end

local function run(seed)
  local child = case.child()
  local random = editing.random(seed)
  local model = editing.new(ABOVE, "\n\n# === ASSISTANT ===\n\n")
  local list = pieces()
  case.standin:script({ replies.gated(list) })
  child:chat(ABOVE)
  child:command("ChatvimComplete")
  for index = 1, PIECES do
    model.answer = model.answer .. list[index]
    if index > 1 then
      case.standin:release("g" .. (index - 1))
    end
    wait.until_true(("piece %d in its place, seed %d"):format(index, seed), function()
      return child:text() == model:text()
    end)
    for number = 1, random(0, 3) do
      edit(child, model, random, index * 10 + number)
      eq({ seed, index, child:text() }, { seed, index, model:text() })
    end
  end
  case.standin:release("end")
  eq({ seed, child:wait_end().outcome }, { seed, "done" })
  model.answer = model.answer .. "\n\n# === USER ===\n\n"
  eq({ seed, child:text() }, { seed, model:text() })
  eq(answer_alone(model.answer), table.concat(list) .. "\n\n# === USER ===\n\n")
  case.expect_calm(child)
  child:stop()
end

--- One run per seed; a seed from the environment runs alone.
local seeds = vim.env.CHATVIM_TEST_SEED and { tonumber(vim.env.CHATVIM_TEST_SEED) }
  or { 1, 2, 3, vim.uv.hrtime() % 1000000 }
for _, seed in ipairs(seeds) do
  T[("at random, seed %d"):format(seed)] = function()
    run(seed)
  end
end

T["typing continues in one insert mode, above and after the answer"] = function()
  local child = case.child()
  case.standin:script({ replies.gated({ "one", "\ntwo", "\nthree" }) })
  child:chat("First\nQ")
  child:command("ChatvimComplete")
  child:wait_text("one")
  child:type("ggA abc")
  child:wait_text("First abc")
  case.standin:release("g1")
  child:wait_text("two")
  child:type("def")
  child:wait_text("First abcdef")
  case.standin:release("g2")
  child:wait_text("three")
  eq(child:api("nvim_get_mode").mode, "i")
  child:type("ghi<Esc>Go<CR>my next question<Esc>")
  child:wait_text("my next question")
  case.standin:release("end")
  child:wait_end()
  eq(child:text(), case.answered("First abcdefghi\nQ", "one\ntwo\nthree") .. "\n\nmy next question")
  case.expect_calm(child)
end

T["text written while waiting stays below the answer"] = function()
  local child = case.child()
  local reply = replies.gated({ "one", " two" })
  table.insert(reply.steps, 1, { wait = "start" })
  case.standin:script({ reply })
  child:chat("Q")
  child:command("ChatvimComplete")
  case.standin:wait("waiting=start")
  child:feed("o<CR>later<Esc>")
  case.standin:release("start")
  child:wait_text("one")
  case.standin:release("g1")
  case.standin:release("end")
  child:wait_end()
  eq(child:text(), case.answered("Q", "one two") .. "\n\nlater")
  eq(case.standin:requests()[1].json.messages, { { role = "user", content = "Q" } })
end

T["an answer whose beginning is deleted stops, and nothing else is lost"] = function()
  local child = case.child()
  case.standin:script({ replies.gated({ "one", "\ntwo" }) })
  child:chat("First\nQ")
  child:command("ChatvimComplete")
  child:wait_text("one")
  child:command("3,$delete _")
  case.standin:release("g1")
  eq(child:wait_end().outcome, "stopped")
  case.standin:wait("closed=1")
  eq(child:text(), "First\nQ")
end

T["a delimiter typed ahead, with its question, is not written twice"] = function()
  local child = case.child()
  case.standin:script({ replies.gated({ "one", " two" }) })
  child:chat("Q")
  child:command("ChatvimComplete")
  child:wait_text("one")
  child:feed("Go<CR># === USER ===<CR><CR>My next question<Esc>")
  case.standin:release("g1")
  case.standin:release("end")
  eq(child:wait_end().outcome, "done")
  eq(child:text(), "Q\n\n# === ASSISTANT ===\n\none two\n\n# === USER ===\n\nMy next question")
end

return T
