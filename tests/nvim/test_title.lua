-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimTitle sets the title of a chat: the user's words, or the model's.
local case = require("helpers.case")
local consent = require("helpers.consent")
local replies = require("helpers.replies")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local CHAT = '+++\nmodel = "m3"\n+++\n# === SYSTEM ===\n\nBe brief.\n\n# === USER ===\n\n'
  .. "Why is the sky blue?\n\n![](missing.png)\n\n# === ASSISTANT ===\n\nRayleigh.\n"
  .. "\n# === USER ===\n\nAnd at night?"

local function titled(title)
  return (CHAT:gsub("%+\n", ('%%0title = "%s"\n'):format(title), 1))
end

--- Lets the model write `answer`, and waits for a message.
local function ask(child, answer, message)
  case.standin:script({ replies.answer(answer) })
  child:command("ChatvimTitle")
  child:wait_message(message)
end

T["words are the title, as one undo step"] = function()
  local child = case.child()
  child:chat(CHAT)
  child:command('ChatvimTitle The "blue" sky ')
  child:wait_message('title: The "blue" sky')
  case.expect_part(child:text(), "title = ")
  case.expect_part(child:text(), "blue")
  child:feed("u")
  eq(child:text(), CHAT)
  child:command("ChatvimTitle Sky")
  child:wait_message("title: Sky")
  eq(child:text(), titled("Sky"))
  eq(#case.standin:requests(), 0)
end

T["the model reads the first question and its answer, and nothing else is sent"] = function()
  local child = case.child()
  child:chat(CHAT)
  ask(child, "The blue sky\n", "title: The blue sky")
  eq(child:text(), titled("The blue sky"))
  local request = case.standin:requests(1)[1].json
  eq({ request.model, #request.messages, request.max_tokens }, { "m3", 1, nil })
  local content = request.messages[1].content
  case.expect_part(content, "> Why is the sky blue?\n> \n> ![](missing.png)\n")
  case.expect_part(content, "> Rayleigh.")
  eq({ content:find("night", 1, true), content:find("brief", 1, true) }, {})
  child:feed("u")
  eq(child:text(), CHAT)
  wait.until_true("the end of the question's buffer", function()
    return #child:api("nvim_list_bufs") == 1
  end)
end

T["what models add to a title is removed"] = function()
  local child = case.child()
  child:chat(CHAT)
  for answer, title in pairs({
    ['\n\n"Quoted sky"\nBecause …'] = "Quoted sky",
    ["# Heading"] = "Heading",
    ["Title: **Bold sky**"] = "Bold sky",
    ["Tab\tand\7bell"] = "Tab and bell",
    ["„Himmel“"] = "Himmel",
  }) do
    ask(child, answer, "title: " .. title)
    eq(child:text(), titled(title))
    child:feed("u")
  end
  ask(child, ("long "):rep(100), "title: long")
  eq(#child:lines()[3] <= #'title = ""' + 100, true)
end

T["a long question is cut, and delimiters in it are quoted"] = function()
  local child = case.child()
  child:chat("# === USER ===\n\n\\# === ASSISTANT ===\n" .. ("ä"):rep(50000))
  ask(child, "Umlauts", "title: Umlauts")
  local messages = case.standin:requests(1)[1].json.messages
  eq(#messages, 1)
  eq(vim.fn.strchars(messages[1].content) < 3000, true)
end

T["a failure changes nothing and is reported once"] = function()
  local child = case.child()
  child:chat(CHAT)
  case.standin:script({ { status = 403, json = { error = { message = "No access" } } } })
  child:command("ChatvimTitle")
  child:wait_message("no title was set: ")
  local _, count = child:messages():gsub("No access", "")
  eq({ child:text(), count }, { CHAT, 1 })
  ask(child, "  \n", "no title was set: ")
  eq(child:text(), CHAT)
end

T["a chat without a question, and a second question for a title, are refused"] = function()
  local child = case.child()
  child:chat(case.EMPTY)
  child:command("ChatvimTitle")
  child:wait_message("ask a question first, or give the title")
  child:chat(CHAT, "b.md")
  child:begin("ChatvimTitle", case.standin, replies.answer("Sky"))
  child:command("ChatvimTitle")
  child:wait_message("a title is being written already")
  child:command("ChatvimStop!")
  child:wait_message("no title was set: it was stopped")
  eq(child:text(), CHAT)
end

T["what the front matter demands is asked about, and asked again after a no"] = function()
  local child = case.child()
  local chat = "+++\n[body]\ntools = [{ type = 'mcp' }]\n+++\nQ"
  child:chat(chat)
  consent.answer_with(child, false)
  child:command("ChatvimTitle")
  child:wait_message("nothing was sent")
  eq({ #case.standin:requests(), child:text() }, { 0, chat })
  consent.answer_with(child, "Allow")
  ask(child, "Sky", "title: Sky")
  eq(#consent.asked(child), 1)
end

T["a chat with a mistake in its front matter is left alone"] = function()
  local child = case.child()
  child:chat("+++\nmodel = \n+++\nQ")
  child:command("ChatvimTitle Sky")
  wait.until_true("the message", function()
    return child:messages() ~= ""
  end)
  eq(child:text(), "+++\nmodel = \n+++\nQ")
end

T["an answer that is being written goes on"] = function()
  local child = case.child()
  local buf = child:chat("+++\n+++\nQ")
  child:begin("ChatvimComplete", case.standin, replies.answer("The answer."))
  child:command("ChatvimTitle Sky")
  child:wait_message("title: Sky")
  case.standin:release("start")
  child:wait_end()
  eq(child:text(buf), case.answered('+++\ntitle = "Sky"\n+++\nQ', "The answer."))
end

return T
