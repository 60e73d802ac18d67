-- SPDX-License-Identifier: Apache-2.0
-- Quotes that :ChatvimSend adds to a chat while it is answered.
local case = require("helpers.case")
local quotes = require("helpers.quotes")
local replies = require("helpers.replies")
local eq = MiniTest.expect.equality

local T = case.set()

T["a running answer continues, and the chat reads back correctly"] = function()
  for _, start in ipairs({ "Q\n", case.EMPTY .. "Q\n\n\n" }) do
    case.standin:reset()
    case.standin:script({ replies.gated({ "one", " two\n\nthree", "\n\nfour" }) })
    local child, chat = quotes.start(start)
    child:command("buffer chat.md | ChatvimComplete | buffer main.lua")
    child:wait_text("one", chat)
    child:command("1ChatvimSend")
    child:feed("iWhy?<Esc>")
    case.standin:release("g1")
    child:wait_text("three", chat)
    child:command("wincmd p | 2ChatvimSend")
    case.standin:release("g2")
    case.standin:release("end")
    eq(child:wait_end().outcome, "done")
    local first = quotes.text("src/main.lua:1", "lua", "local a = 1") .. "Why?\n\n"
    local second = quotes.text("src/main.lua:2", "lua", "local b = 2")
    -- The end of the answer writes the single delimiter between it and the quotes.
    case.expect_part(child:text(chat), "\n\nfour\n\n# === USER ===\n\n")
    eq(select(2, child:text(chat):gsub("four\n+# === USER ===\n+src", "")), 1)
    eq(child:lua("return require('chatvim').messages(...)", chat), {
      { role = "user", content = "Q" },
      { role = "assistant", content = "one two\n\nthree\n\nfour" },
      { role = "user", content = vim.trim(first .. second) },
    })
    eq(child:api("nvim_win_get_cursor", 0)[1], #child:lines(chat))
    case.expect_calm(child)
    child:stop()
  end
end

T["a quote made before the first text of an answer is below it"] = function()
  case.standin:script({
    {
      steps = {
        { head = true },
        { wait = "go" },
        { deltas = { text = { "A" }, count = 1 } },
        { finish = "stop" },
      },
    },
  })
  local child, chat = quotes.start(case.EMPTY .. "Q\n\n")
  child:command("buffer chat.md | ChatvimComplete | buffer main.lua")
  case.standin:wait("waiting=go")
  child:command("1ChatvimSend")
  case.standin:release("go")
  eq(child:wait_end().outcome, "done")
  eq(child:lua("return require('chatvim').messages(...)", chat), {
    { role = "user", content = "Q" },
    { role = "assistant", content = "A" },
    { role = "user", content = vim.trim(quotes.text("src/main.lua:1", "lua", "local a = 1")) },
  })
  child:command("buffer chat.md")
  child:feed("uu")
  eq(child:text(), case.EMPTY .. "Q\n")
end

--- Retries or continues the last answer of a chat, and adds a quote below it before any text
--- arrives.
local function quote_while_waiting(command)
  local child, chat = quotes.start("Q\n\n# === ASSISTANT ===\n\nOld")
  child:command("buffer chat.md")
  child:begin(command, case.standin, replies.gated({ "New", " text" }))
  child:command("buffer main.lua | 1ChatvimSend")
  return child, chat
end

local QUOTED = vim.trim(quotes.text("src/main.lua:1", "lua", "local a = 1"))

for command, answers in pairs({
  ChatvimRetry = { "Old", "New text" },
  ["ChatvimComplete!"] = { "Old", "OldNew text" },
}) do
  local function expect_messages(child, chat, answer)
    eq(child:lua("return require('chatvim').messages(...)", chat), {
      { role = "user", content = "Q" },
      { role = "assistant", content = answer },
      { role = "user", content = QUOTED },
    })
  end

  T["a quote stays the user's if an answer ends without text: " .. command] = function()
    local child, chat = quote_while_waiting(command)
    child:command("buffer chat.md | ChatvimStop")
    eq(child:wait_end().outcome, "stopped")
    expect_messages(child, chat, answers[1])
    eq(
      child:text(chat),
      "Q\n\n# === ASSISTANT ===\n\nOld\n\n# === USER ===\n\n" .. QUOTED .. "\n\n"
    )
    -- The next answer is not affected.
    case.standin:script({ replies.answer("More") })
    child:complete()
    eq(#child:lua("return require('chatvim').messages()"), 4)
    case.expect_calm(child)
  end

  T["a quote stays the user's when an answer's text arrives: " .. command] = function()
    local child, chat = quote_while_waiting(command)
    for _, gate in ipairs({ "start", "g1", "end" }) do
      case.standin:release(gate)
    end
    eq(child:wait_end().outcome, "done")
    expect_messages(child, chat, answers[2])
    eq(select(2, child:text(chat):gsub("# === USER ===", "")), 1)
    case.expect_calm(child)
  end
end

T["a quote stays the user's if the answer is deleted; undo leaves nothing of it"] = function()
  local child, chat = quote_while_waiting("ChatvimRetry")
  case.standin:release("start")
  child:wait_text("New", chat)
  child:command("buffer chat.md | call search('^New', 'bw') | delete _")
  case.standin:release("g1")
  eq(child:wait_end().outcome, "stopped")
  child:sync()
  eq(child:lua("return require('chatvim').messages()"), {
    { role = "user", content = "Q" },
    { role = "user", content = QUOTED },
  })
  child:stop()

  child, chat = quote_while_waiting("ChatvimRetry")
  child:command("buffer chat.md")
  child:feed("u")
  child:command("ChatvimStop")
  child:wait_end()
  eq(child:text(chat), "Q\n\n# === ASSISTANT ===\n\nOld")
end

return T
