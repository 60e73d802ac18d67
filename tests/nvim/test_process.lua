-- SPDX-License-Identifier: Apache-2.0
-- The program missing, old, broken or killed, and its exit with Neovim's (B9, B30).
local case = require("helpers.case")
local files = require("helpers.system")
local replies = require("helpers.replies")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

--- Starts a child whose program is a shell script.
local function child_with_script(script)
  local child
  local path = vim.fn.tempname()
  files.write(path, "#!/bin/sh\n" .. script .. "\n")
  assert(vim.uv.fs_chmod(path, 493))
  child = case.child({ options = { program = path } })
  return child, path
end

--- Expects one message that contains `words`, an unchanged chat, and a working Neovim.
local function expect_one_message(child, words)
  child:sync()
  eq(#child:events("ChatvimEnd"), 1)
  eq(child:events("ChatvimEnd")[1].outcome, "error")
  local messages = child:messages()
  for _, word in ipairs(words) do
    case.expect_part(messages, word)
  end
  local _, count = messages:gsub("chatvim: ", "")
  eq({ messages, count }, { messages, 1 })
  eq(messages:find("traceback", 1, true), nil)
  eq(child:text(), "Q")
  eq(child:virtual_text():find(" stops", 1, true), nil)
  child:feed("Amore<Esc>u")
  eq(child:text(), "Q")
end

local function health(child)
  child:command("silent checkhealth chatvim")
  local text = child:text()
  child:command("silent bwipeout")
  return text
end

T["missing: the path tried and how to build it, in the message and the health report"] = function()
  local child = case.child({ options = { program = "/no/such/program" } })
  child:chat("Q")
  eq(child:complete().outcome, "error")
  expect_one_message(child, { "/no/such/program", "nvim -l build.lua" })
  local report = health(child)
  case.expect_part(report, "ERROR")
  case.expect_part(report, "/no/such/program")
  case.expect_part(report, "nvim -l build.lua")
  -- With the right path it works without a restart of Neovim.
  case.standin:script({ replies.answer("A") })
  child:lua("require('chatvim').setup({ program = ... })", require("helpers.environment").program)
  child:command("ChatvimComplete")
  eq(child:wait_end(2).outcome, "done")
end

for name, entry in pairs({
  ["a program that ends at once"] = { "exit 3", { "ended", "code 3" } },
  ["a program that complains and ends"] = {
    "echo 'no such library' >&2; exit 127",
    { "no such library" },
  },
  ["a program that echoes"] = { "exec cat", { "chatvim" } },
  ["garbage on its output"] = {
    "printf 'Usage: something \\377\\301\\n\\n'; printf '%0200d' 7; exec sleep 20",
    { "chatvim" },
  },
  ["a list that never ends on its output"] = {
    "printf '\\335\\377\\377\\377\\377'; exec sleep 20",
    { "chatvim" },
  },
}) do
  T["not the program: " .. name .. " is one message"] = function()
    local child = child_with_script(entry[1])
    child:lua("require('chatvim.program.process').hello_limit = 500")
    child:chat("Q")
    eq(child:complete().outcome, "error")
    expect_one_message(child, entry[2])
  end
end

T["a program of another protocol is one message with both numbers"] = function()
  local chunk = vim.mpack.encode({
    2,
    "nvim_exec_lua",
    {
      'require("chatvim.program.process").receive(...)',
      { "hello", { protocol = 99, version = "9.9.9" } },
    },
  })
  local hello = vim.fn.tempname()
  files.write(hello, chunk)
  local child = child_with_script(("cat %s; exec sleep 20"):format(hello))
  child:chat("Q")
  eq(child:complete().outcome, "error")
  expect_one_message(child, { "99", "2", "version" })
  wait.until_true("the end of the other program", function()
    return child:program_pid() == nil
  end)
end

T["garbage during an answer ends the answer but not Neovim"] = function()
  local child = case.child()
  case.standin:script({ replies.hanging("one") })
  child:chat("Q")
  child:command("ChatvimComplete")
  child:wait_text("one")
  -- The worst messages that a program could send, passed to the same receiver.
  child:lua([[
    local receive = require("chatvim.program.process").receive
    local names = {
      "hello", "update", "progress", "started", "diagnostics", "result", "failed", "other", 7,
    }
    local maps = {
      {}, { id = 1 }, { id = "x" }, { id = 1, lines = 5 }, { id = 1, lines = { 1, {} } },
    }
    for _, map in ipairs(maps) do
      for _, name in ipairs(names) do
        receive(name, map)
      end
    end
    receive("update", nil)
    receive(nil, "x")
  ]])
  child:sync()
  eq(child:text():sub(1, 27), "Q\n\n# === ASSISTANT ===\n\none")
  child:command("ChatvimStop!")
  child:wait_end()
  eq(#child:events("ChatvimEnd"), 1)
  case.standin:wait("closed=1")
  case.standin:script({ replies.answer("next") })
  child:command("enew | call setline(1, 'R')")
  eq(child:complete().outcome, "done")
  eq(child:text(), case.answered("R", "next"))
end

T["killed during an answer: one message, the text stays, the next send restarts it"] = function()
  local child = case.child()
  case.standin:script({ replies.hanging("one two") })
  child:chat("Q")
  child:command("ChatvimComplete")
  child:wait_text("one two")
  local pid = child:program_pid()
  assert(vim.uv.kill(pid, "sigkill"))
  eq(child:wait_end().outcome, "error")
  child:sync()
  eq(#child:events("ChatvimEnd"), 1)
  local messages = child:messages()
  case.expect_part(messages, "signal 9")
  local _, count = messages:gsub("chatvim: ", "")
  eq({ messages, count }, { messages, 1 })
  -- The chat is ready for the next question, although the program could not add the delimiter.
  eq(child:text(), case.answered("Q", "one two"))
  eq(child:virtual_text():find(" stops", 1, true), nil)
  child:feed("GiNext<Esc>")
  case.standin:script({ replies.answer("A") })
  child:command("ChatvimComplete")
  eq(child:wait_end(2).outcome, "done")
  case.expect_part(child:text(), "Next\n\n# === ASSISTANT ===\n\nA\n")
  eq(child:program_pid() ~= pid, true)
  local requests = case.standin:requests()
  eq(requests[#requests].json.messages[2], { role = "assistant", content = "one two" })
end

T["killed with eight answers: one message, eight ends"] = function()
  local child = case.child()
  local reply = replies.hanging("text")
  reply["repeat"] = true
  case.standin:script({ reply })
  local bufs = {}
  for index = 1, 8 do
    bufs[index] = child:chat("Q", ("chat%d.md"):format(index))
    child:command("ChatvimComplete")
  end
  for index = 1, 8 do
    child:wait_text("text", bufs[index])
  end
  assert(vim.uv.kill(child:program_pid(), "sigkill"))
  child:wait_end(8)
  child:sync()
  local _, count = child:messages():gsub("chatvim: ", "")
  eq(count, 1)
  eq(#child:events("ChatvimEnd"), 8)
end

T["killed while background questions are pending too: still one message"] = function()
  local child = case.child()
  child:chat("Q")
  child:lua("return require('chatvim').messages()")
  local pid = child:program_pid()
  assert(vim.uv.kill(pid, "sigstop"))
  child:lua([[
    for _ = 1, 20 do
      require("chatvim.program.query").ask("recoverable", 0, function() end)
    end
  ]])
  child:command("ChatvimComplete")
  assert(vim.uv.kill(pid, "sigkill"))
  eq(child:wait_end().outcome, "error")
  expect_one_message(child, { "signal 9" })
end

T["a program found gone while a chat is sent: one message, and no progress is left"] = function()
  local child = case.child()
  child:chat("Q")
  child:lua("return require('chatvim').messages()")
  child:lua([[
    local notify = vim.rpcnotify
    vim.rpcnotify = function(channel, name, ...)
      if name == "complete" then
        vim.rpcnotify = notify
        error("Invalid channel: " .. channel)
      end
      return notify(channel, name, ...)
    end
  ]])
  eq(child:complete().outcome, "error")
  expect_one_message(child, { "closed its channel" })
  case.expect_part(child:virtual_text(), "closed its channel")
  case.standin:script({ replies.answer("A") })
  child:command("ChatvimComplete")
  eq(child:wait_end(2).outcome, "done")
  eq(child:text(), case.answered("Q", "A"))
end

T["one program serves every chat of a Neovim"] = function()
  local child = case.child()
  case.standin:script({ replies.answer("A"), replies.answer("B") })
  child:chat("Q")
  child:complete()
  local pid = child:program_pid()
  child:chat("R", "other.md")
  child:complete()
  eq(child:program_pid(), pid)
end

return T
