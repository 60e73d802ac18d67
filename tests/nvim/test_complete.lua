-- SPDX-License-Identifier: Apache-2.0
-- The main use: a markdown buffer, :ChatvimComplete, the answer below (B21, B23).
local case = require("helpers.case")
local files = require("helpers.system")
local replies = require("helpers.replies")
local eq = MiniTest.expect.equality

local T = case.set()

T["answers below, with delimiters"] = function()
  local child = case.child()
  case.standin:script({ replies.answer("Hi.\nHow are you?") })
  child:chat("Hello\n")
  local data = child:complete()
  eq(data.outcome, "done")
  eq(child:text(), case.answered("Hello", "Hi.\nHow are you?"))
  local requests = case.standin:requests()
  eq(#requests, 1)
  eq(requests[1].path, "/v1/chat/completions")
  eq(requests[1].json.model, "m1")
  eq(requests[1].json.messages, { { role = "user", content = "Hello" } })
  eq(files.read(child.folder .. "/chat.md"), "Hello\n")
  -- The cursor was at the end and is there again, ready for the next question.
  eq(child:api("nvim_win_get_cursor", 0)[1], #child:lines())
end

T["a second turn sends the whole chat"] = function()
  local child = case.child()
  case.standin:script({ replies.answer("one"), replies.answer("two") })
  child:chat("First")
  child:complete()
  child:feed("GiSecond<Esc>")
  child:complete()
  eq(child:text(), case.answered(case.answered("First", "one") .. "Second", "two"))
  eq(case.standin:requests()[2].json.messages, {
    { role = "user", content = "First" },
    { role = "assistant", content = "one" },
    { role = "user", content = "Second" },
  })
end

T["white space at the end counts towards the delimiter's prefix"] = function()
  local child = case.child()
  for tail, expected in pairs({
    [""] = "Q\n\n# === ASSISTANT ===\n\nA",
    ["\n"] = "Q\n\n# === ASSISTANT ===\n\nA",
    ["\n\n\n\n"] = "Q\n\n\n# === ASSISTANT ===\n\nA",
    ["\n\n# === ASSISTANT ===\n"] = "Q\n\n# === ASSISTANT ===\n\nA",
  }) do
    case.standin:script({ replies.answer("A") })
    child:chat("Q" .. tail)
    child:complete()
    eq({ tail, child:text() }, { tail, expected .. "\n\n# === USER ===\n\n" })
    child:command("bwipeout!")
  end
end

T["an unnamed buffer and one without a file can be chats"] = function()
  local child = case.child()
  case.standin:script({ replies.answer("A"), replies.answer("B") })
  child:api("nvim_buf_set_lines", 0, 0, -1, true, { "Q" })
  child:complete()
  eq(child:text(), case.answered("Q", "A"))
  child:command("enew! | setlocal buftype=nofile | call setline(1, 'R')")
  child:complete()
  eq(child:text(), case.answered("R", "B"))
end

T["a symlink, and a file in another directory"] = function()
  local child = case.child()
  case.standin:script({ replies.answer("A"), replies.answer("B") })
  vim.fn.mkdir(child.home .. "/else where", "p")
  files.write(child.home .. "/else where/real.md", "Q\n")
  assert(vim.uv.fs_symlink(child.home .. "/else where/real.md", child.folder .. "/link.md"))
  child:command("edit link.md")
  child:complete()
  eq(child:text(), case.answered("Q", "A"))
  child:command("silent write")
  eq(files.read(child.home .. "/else where/real.md"), case.answered("Q", "A") .. "\n")
  eq(vim.uv.fs_lstat(child.folder .. "/link.md").type, "link")
  files.write(child.home .. "/else where/other.md", "R\n")
  child:command("edit " .. vim.fn.fnameescape(child.home .. "/else where/other.md"))
  child:complete()
  eq(child:text(), case.answered("R", "B"))
end

T[":edit, :split and a session keep a chat working"] = function()
  local child = case.child()
  case.standin:script({ replies.answer("A"), replies.answer("B"), replies.answer("C") })
  child:chat("Q\n")
  child:complete()
  child:command("write | edit | split | normal! GoR")
  child:complete()
  local text = child:text()
  child:command("write | mksession s.vim")
  local second = case.child({ folder = child.folder, files = { "-S", "s.vim" } })
  eq(second:text(), text)
  second:command("normal! GoS")
  second:complete()
  local messages = case.standin:requests()[3].json.messages
  eq(#messages, 5)
  eq(messages[4], { role = "assistant", content = "B" })
  eq(messages[5], { role = "user", content = "S" })
end

T["each event comes once, with its data"] = function()
  local child = case.child()
  case.standin:script({ replies.answer("A") })
  local buf = child:chat("Q\n")
  child:complete()
  child:sync()
  eq(child:events("ChatvimStart"), { { buf = buf, provider = "standin", model = "m1" } })
  local ends = child:events("ChatvimEnd")
  eq(#ends, 1)
  eq(ends[1].buf, buf)
  eq(ends[1].provider, "standin")
  eq(ends[1].model, "m1")
  eq(ends[1].outcome, "done")
  eq(ends[1].finish_reason, "stop")
  eq(ends[1].message, nil)
end

T["reported usage is in the event and shown after the answer"] = function()
  local child = case.child()
  local reply = replies.answer("A")
  reply.steps[2] = {
    event = {
      choices = { { index = 0, delta = vim.empty_dict(), finish_reason = "stop" } },
      usage = { prompt_tokens = 123, completion_tokens = 45, total_tokens = 168 },
    },
  }
  table.insert(reply.steps, { send = "data: [DONE]\n\n" })
  case.standin:script({ reply })
  child:chat("Q\n")
  local data = child:complete()
  eq({ data.usage.input, data.usage.output }, { 123, 45 })
  local shown = child:virtual_text()
  eq(shown:find("123 in", 1, true) ~= nil, true)
  eq(shown:find("m1", 1, true) ~= nil, true)
end

T["progress and status() show only a running answer"] = function()
  local child = case.child()
  case.standin:script({ replies.gated({ "one ", "two" }) })
  child:chat("Q\n")
  eq(child:lua("return require('chatvim').status()"), "")
  child:command("ChatvimComplete")
  child:wait_text("one")
  eq(child:lua("return require('chatvim').status()"):find("m1", 1, true) ~= nil, true)
  local shown = child:virtual_text()
  eq(shown:find("m1", 1, true) ~= nil, true)
  -- The status names the stop key; <Leader> is a backslash.
  eq(shown:find("\\cvs", 1, true) ~= nil, true)
  eq(child:lua("return require('chatvim').status(vim.api.nvim_create_buf(true, false))"), "")
  case.standin:release("g1")
  case.standin:release("end")
  child:wait_end()
  eq(child:lua("return require('chatvim').status()"), "")
  eq(child:virtual_text():find("cvs", 1, true), nil)
end

T["messages() reads the chat as it would be sent"] = function()
  local child = case.child()
  child:chat("# === SYSTEM ===\nBe brief.\n# === USER ===\nQ\n\\# === USER ===\n")
  eq(child:lua("return require('chatvim').messages()"), {
    { role = "system", content = "Be brief." },
    { role = "user", content = "Q\n# === USER ===" },
  })
  eq(#case.standin:requests(), 0)
end

return T
