-- SPDX-License-Identifier: Apache-2.0
-- The end of an answer while a tool runs: by :ChatvimStop, with the buffer, Neovim or the program.
-- No process of a tool server is left.
local case = require("helpers.case")
local files = require("helpers.system")
local replies = require("helpers.replies")
local tools = require("helpers.tools")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local BEFORE = tools.DEMO .. "Go."

--- Milliseconds within which an answer is stopped and every process gone. Twice the promised limit,
--- since the machine may be busy.
local QUICK = 5000

--- Starts a child and an answer whose call of `wait` runs and never ends.
---@param text? string before the call
---@param calls? tests.Call[]
---@param options? tests.ChildOptions
---@return tests.Child
---@return integer[] pids of the program, the server and the guard
local function waiting(text, calls, options)
  local child = tools.child('ask = "never"', options)
  tools.know(child)
  child:chat(BEFORE .. "\n")
  case.standin:reset()
  case.standin:script({ replies.calls(calls or { tools.demo("c1", "wait") }, text) })
  child:command("ChatvimComplete")
  tools.wait_progress(child, "running demo.wait")
  local program = assert(child:program_pid())
  local pids = tools.below(program)
  -- The server and the guard.
  eq(#pids >= 2, true)
  table.insert(pids, program)
  return child, pids
end

---@param child tests.Child
local function stop(child)
  local began = vim.uv.hrtime()
  child:command("ChatvimStop")
  eq(child:wait_end(#child:events("ChatvimStart")).outcome, "stopped")
  local milliseconds = (vim.uv.hrtime() - began) / 1e6
  eq({ milliseconds, milliseconds < QUICK }, { milliseconds, true })
end

T["stop writes that the call was cut, and the answer can go on"] = function()
  for _, text in ipairs({ "I wait.", "" }) do
    local child = waiting(text ~= "" and text or nil)
    stop(child)
    local before = text ~= "" and text .. "\n\n" or ""
    local cut = before .. tools.demo_block("wait", "c1", "cut")
    eq(child:text(), case.answered(BEFORE, cut))
    eq(child:virtual_text():find("stops", 1, true), nil)
    child:feed("u")
    eq(child:text(), BEFORE)
    child:feed("<C-r>")
    case.standin:script({ replies.answer("Then without.") })
    eq(child:complete().outcome, "done")
    eq(child:text(), case.answered(BEFORE, cut .. "\n\nThen without."))
    eq(tools.messages()[3].role, "tool")
    child:stop()
  end
end

T["of several calls, those that ended have their results"] = function()
  local calls = {
    tools.demo("c1", "echo", { text = "one" }),
    tools.demo("c2", "wait"),
    tools.demo("c3", "echo", { text = "three" }),
  }
  local child = waiting(nil, calls)
  child:wait_text("```text result\none")
  stop(child)
  local text = child:text()
  case.expect_part(text, tools.demo_block("wait", "c2", "cut"))
  eq(#vim.split(text, "```text cut", { plain = true }), 2)
  eq(#vim.split(text, "<details>", { plain = true }), 4)
end

T["the server lives on after a stop, and ends with Neovim"] = function()
  local child, pids = waiting()
  stop(child)
  for _, pid in ipairs(pids) do
    eq(files.is_alive(pid), true)
  end
  vim.rpcnotify(child.channel, "nvim_command", "qall!")
  vim.fn.jobwait({ child.job }, wait.limit)
  tools.expect_gone(pids, QUICK)
end

T["wiping the chat stops the answer, and the journal has the open call"] = function()
  local child = waiting("I wait.")
  child:command("silent write")
  child:command("bwipeout!")
  eq(child:wait_end().outcome, "stopped")
  child:command("edit chat.md")
  child:command("ChatvimRecover")
  child:wait_text("json c1")
  case.expect_part(child:text(), "I wait.\n\n" .. tools.demo_block("wait", "c1"))
end

for name, kill in pairs({
  ["kill -9 of Neovim"] = function(child)
    child:kill()
  end,
  [":qall!"] = function(child)
    vim.rpcnotify(child.channel, "nvim_command", "qall!")
    vim.fn.jobwait({ child.job }, wait.limit)
  end,
  ["kill -9 of both"] = function(child)
    assert(vim.uv.kill(child:program_pid(), "sigkill"))
    child:kill()
  end,
}) do
  T[name .. " leaves no process; the call is recovered as an open one"] = function()
    for _, text in ipairs({ "I wait.", "" }) do
      local child, pids = waiting(text ~= "" and text or nil)
      kill(child)
      tools.expect_gone(pids, QUICK)
      local second = child:another({ files = { "chat.md" } })
      second:lua("return require('chatvim').messages()")
      second:command("messages clear | ChatvimRecover")
      second:wait_message("chatvim: ")
      second:sync()
      local before = text ~= "" and text .. "\n\n" or ""
      local open = before .. tools.demo_block("wait", "c1")
      eq({ name, second:text() }, { name, case.answered(BEFORE, open) })
      -- A result written by hand goes on from there.
      second:lua([[
        local row = vim.fn.search("</details>") - 1
        vim.api.nvim_buf_set_lines(0, row, row, true, { "```text result", "by hand", "```", "" })
      ]])
      case.standin:script({ replies.answer("Done.") })
      eq(second:complete().outcome, "done")
      eq(tools.messages()[3].content, "by hand")
      second:stop()
      child:stop()
    end
  end
end

T["kill -9 of the program: the open call is in the buffer, no process is left"] = function()
  for _, text in ipairs({ "I wait.", "" }) do
    local child, pids = waiting(text ~= "" and text or nil)
    assert(vim.uv.kill(pids[#pids], "sigkill"))
    tools.expect_gone(pids, QUICK)
    eq(child:wait_end().outcome, "error")
    local before = text ~= "" and text .. "\n\n" or ""
    eq(child:text(), case.answered(BEFORE, before .. tools.demo_block("wait", "c1")))
    child:feed("u")
    eq(child:text(), BEFORE)
    child:stop()
  end
end

T["kill -9 of the program during an open call of a resumed chat leaves it as it was"] = function()
  local child = tools.child('ask = "never"')
  tools.know(child)
  local text = case.answered(BEFORE, "I wait.\n\n" .. tools.demo_block("wait", "c1"))
  child:chat(text .. "\n")
  -- The chat may come from anybody, so its call is asked about in spite of "never".
  tools.answer_with(child, "Run it once")
  child:command("ChatvimComplete")
  tools.wait_progress(child, "running demo.wait")
  assert(vim.uv.kill(child:program_pid(), "sigkill"))
  eq(child:wait_end().outcome, "error")
  eq(child:text(), text)
end

T["a program that hangs is not waited for: stop leaves the call open"] = function()
  local child, pids = waiting()
  assert(vim.uv.kill(pids[#pids], "sigstop"))
  stop(child)
  eq(child:text(), case.answered(BEFORE, tools.demo_block("wait", "c1")))
  assert(vim.uv.kill(pids[#pids], "sigcont"))
  child:sync()
  eq(child:text(), case.answered(BEFORE, tools.demo_block("wait", "c1")))
end

T["servers that ignore SIGTERM and have children of their own are ended too"] = function()
  local config = tools.config('ask = "never"', "--ignores-term", "--grandchildren")
  for _, kill in ipairs({ "sigkill", "sigterm" }) do
    local child, pids = waiting(nil, nil, { config = config })
    eq(#pids >= 6, true)
    assert(vim.uv.kill(child.pid, kill))
    vim.fn.jobwait({ child.job }, wait.limit)
    tools.expect_gone(pids, QUICK)
    child:stop()
  end
end

T["a server that dies in a call is an error that the model gets"] = function()
  local child = tools.child('ask = "never"')
  tools.know(child)
  child:chat(BEFORE .. "\n")
  tools.script({ tools.demo("c1", "exit") }, "It died.")
  eq(child:complete().outcome, "done")
  case.expect_part(child:text(), "```text error\n")
  case.expect_part(child:text(), "It died.")
end

return T
