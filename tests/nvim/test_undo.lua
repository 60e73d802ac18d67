-- SPDX-License-Identifier: Apache-2.0
-- One undo removes an answer and one redo restores it (B20).
local case = require("helpers.case")
local editing = require("helpers.editing")
local replies = require("helpers.replies")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

--- Runs a gated answer to its end, with one update for each piece.
local function run(child, pieces, between)
  case.standin:script({ replies.gated(pieces) })
  child:command("ChatvimComplete")
  for index, piece in ipairs(pieces) do
    child:wait_text(piece)
    if between then
      between(index)
    end
    case.standin:release(index < #pieces and "g" .. index or "end")
  end
  eq(child:wait_end(#child:events("ChatvimStart")).outcome, "done")
end

local PIECES = { "one", " two", "\nthree", "\n\nfour", " five" }
local ANSWER = table.concat(PIECES)

T["one u and one CTRL-R, after any number of updates"] = function()
  local child = case.child()
  child:chat("A line\n\nQ  \n\n\n")
  local before = child:lines()
  run(child, PIECES)
  local after = child:lines()
  eq(table.concat(after, "\n"):find(ANSWER, 1, true) ~= nil, true)
  for _ = 1, 3 do
    child:feed("u")
    eq(child:lines(), before)
    child:feed("<C-r>")
    eq(child:lines(), after)
  end
  child:feed("u")
  eq(child:lua("return vim.bo.modified"), false)
end

T["from another window, where the chat is not current"] = function()
  local child = case.child()
  local buf = child:chat("Q\n")
  case.standin:script({ replies.gated(PIECES) })
  child:command("ChatvimComplete")
  child:command("new")
  child:feed("imine<Esc>")
  for index, piece in ipairs(PIECES) do
    child:wait_text(piece, buf)
    case.standin:release(index < #PIECES and "g" .. index or "end")
  end
  child:wait_end()
  eq(child:text(), "mine")
  child:feed("u")
  eq({ child:text(), child:text(buf) }, { "", case.answered("Q", ANSWER) })
  child:command("wincmd p")
  child:feed("u")
  eq(child:text(buf), "Q")
end

T["the question typed just before, in the same insert mode, is undone separately"] = function()
  local child = case.child()
  child:chat("First\n")
  child:command("inoremap <F5> <Cmd>ChatvimComplete<CR>")
  case.standin:script({ replies.gated({ "one", " two" }) })
  child:type("o<CR>Typed<F5>")
  child:wait_text("one")
  case.standin:release("g1")
  case.standin:release("end")
  child:wait_end()
  eq(child:api("nvim_get_mode").mode, "i")
  child:feed("<Esc>")
  eq(child:text(), case.answered("First\n\nTyped", "one two"))
  child:feed("u")
  eq(child:text(), "First\n\nTyped")
  child:feed("u")
  eq(child:text(), "First")
end

T["the user's edits in between are undone step by step, and none is lost"] = function()
  local child = case.child()
  child:chat("First\nQ\n")
  run(child, PIECES, function(index)
    if index == 2 then
      child:feed("ggA mine<Esc>")
    end
  end)
  local after = case.answered("First mine\nQ", ANSWER)
  eq(child:text(), after)
  local seen = {}
  for _ = 1, 3 do
    child:feed("u")
    table.insert(seen, child:text())
  end
  eq(seen[3], "First\nQ")
  eq(seen[1]:sub(1, 12), "First mine\nQ")
  eq(seen[2]:sub(1, 7), "First\nQ")
  child:feed("3<C-r>")
  eq(child:text(), after)
  eq(child:api("nvim_get_vvar", "errmsg"), "")
end

T["typing over several updates is undone as it was typed"] = function()
  local child = case.child()
  child:chat("First\nQ\n")
  case.standin:script({ replies.gated({ "one", "\ntwo", "\nthree" }) })
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
  child:type("<Esc>")
  case.standin:release("end")
  child:wait_end()
  local after = child:text()
  eq(after, case.answered("First abcdef\nQ", "one\ntwo\nthree"))
  -- Undoing and redoing all steps, however many, loses and splits nothing.
  for _ = 1, 2 do
    child:command("silent undo 0")
    eq(child:text(), "First\nQ")
    child:feed("50<C-r>")
    eq(child:text(), after)
  end
end

T["typing below the answer, which moves it down, is undone as it was typed"] = function()
  local child = case.child()
  child:chat("First\nQ\n")
  case.standin:script({ replies.gated({ "one", "\ntwo", "\nthree" }) })
  child:command("ChatvimComplete")
  child:wait_text("one")
  child:type("Go<CR>abc")
  child:wait_text("\nabc")
  case.standin:release("g1")
  child:wait_text("two")
  child:type("def<CR>ghi")
  child:wait_text("abcdef\nghi")
  case.standin:release("g2")
  child:wait_text("three")
  child:type("jkl<Esc>")
  child:wait_text("ghijkl")
  case.standin:release("end")
  child:wait_end()
  local after = child:text()
  eq(after, case.answered("First\nQ", "one\ntwo\nthree") .. "\n\nabcdef\nghijkl")
  for _ = 1, 2 do
    child:command("silent undo 0")
    eq(child:text(), "First\nQ")
    child:feed("50<C-r>")
    eq(child:text(), after)
  end
end

--- Types at random in one insert mode while lines arrive, then undoes and redoes all steps.
local function type_at_random(seed)
  local random = editing.random(seed)
  local child = case.child()
  local original = "First line\nSecond line\n\nQ"
  local pieces = { "one" }
  for index = 2, 8 do
    pieces[index] = random(1, 2) == 1 and ("\nline" .. index) or (" word" .. index)
  end
  case.standin:script({ replies.gated(pieces) })
  child:chat(original)
  child:lua("_G.typed = 0; vim.on_key(function() _G.typed = _G.typed + 1 end)")
  child:command("ChatvimComplete")
  child:wait_text("one")
  local expected = 0
  local function type_keys(keys)
    for _, key in ipairs(keys) do
      child:type(key)
      expected = expected + 1
    end
    wait.until_true("the keys", function()
      return child:lua("return _G.typed") >= expected
    end)
  end
  type_keys(({ { "g", "g", "A" }, { "2", "G", "I" }, { "G", "A" }, { "G", "o" } })[random(1, 4)])
  local keys = { "a", "b", "<Space>", "<CR>", "<BS>", "<C-w>", "<C-u>", "x" }
  for index = 2, #pieces do
    for _ = 1, random(0, 4) do
      type_keys({ keys[random(1, #keys)] })
    end
    case.standin:release("g" .. (index - 1))
    wait.until_true("piece " .. index .. " or the end", function()
      return child:text():find(vim.trim(pieces[index]), 1, true) or child:events("ChatvimEnd")[1]
    end)
  end
  type_keys({ "y", "<Esc>" })
  case.standin:release("end", true)
  child:wait_end()
  local after = child:text()
  local steps = { after }
  -- A step may not change the text, if something was typed and deleted again.
  for _ = 1, child:lua("return vim.fn.undotree().seq_last") do
    child:feed("u")
    table.insert(steps, child:text())
  end
  eq({ seed, steps[#steps] }, { seed, original })
  for index = #steps - 1, 1, -1 do
    child:feed("<C-r>")
    eq({ seed, index, child:text() }, { seed, index, steps[index] })
  end
  eq({ seed, child:api("nvim_get_vvar", "errmsg") }, { seed, "" })
end

local seeds = vim.env.CHATVIM_TEST_SEED and { tonumber(vim.env.CHATVIM_TEST_SEED) }
  or { 1, 2, 3, 4, 5, 6, vim.uv.hrtime() % 1000000 }
for _, seed in ipairs(seeds) do
  T["typing at random is undone step by step, seed " .. seed] = function()
    type_at_random(seed)
  end
end

T["undo during an answer stops it without an error"] = function()
  local child = case.child()
  child:chat("First\nQ\n")
  case.standin:script({ replies.gated({ "one", " two" }) })
  child:command("ChatvimComplete")
  child:wait_text("one")
  child:feed("u")
  eq(child:text(), "First\nQ")
  case.standin:release("g1")
  eq(child:wait_end().outcome, "stopped")
  case.standin:wait("closed=1")
  child:sync()
  eq(child:text(), "First\nQ")
  eq(child:api("nvim_get_vvar", "errmsg"), "")
  -- Redo still restores the text, and the chat can be answered again.
  child:feed("<C-r>")
  case.expect_part(child:text(), "one")
  child:feed("u")
  case.standin:script({ replies.answer("next") })
  eq(child:complete().outcome, "done")
  eq(child:text(), case.answered("First\nQ", "next"))
end

T["undo with an immediate redo loses nothing"] = function()
  local child = case.child()
  child:chat("First\nQ\n")
  case.standin:script({ replies.gated({ "one", " two" }) })
  child:command("ChatvimComplete")
  child:wait_text("one")
  child:feed("u<C-r>")
  case.standin:release("g1")
  case.standin:release("end")
  -- The answer may continue or stop, but the text must be intact.
  local outcome = child:wait_end().outcome
  if outcome == "done" then
    eq(child:text(), case.answered("First\nQ", "one two"))
  else
    eq(outcome, "stopped")
    eq(child:text(), "First\nQ\n\n# === ASSISTANT ===\n\none")
    case.expect_part(child:messages(), "was stopped")
  end
  eq(child:api("nvim_get_vvar", "errmsg"), "")
end

T["an answer that failed before its first text leaves no undo step"] = function()
  local child = case.child()
  child:chat("First\n")
  child:feed("oQ<Esc>")
  local changes = child:lua("return vim.fn.undotree().seq_last")
  case.standin:script({ { status = 400, json = { error = { message = "no" } } } })
  eq(child:complete().outcome, "error")
  eq(child:lua("return vim.fn.undotree().seq_last"), changes)
  child:feed("u")
  eq(child:text(), "First")
end

return T
