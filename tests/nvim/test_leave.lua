-- SPDX-License-Identifier: Apache-2.0
-- The program exits with its Neovim, however that ends, and does not delay it (B30).
local case = require("helpers.case")
local files = require("helpers.system")
local replies = require("helpers.replies")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

--- Milliseconds. Ten times the promised limit, since the machine may be busy; for a child process
--- that does not exit Neovim would wait two seconds.
local QUICK = 1000

--- Starts a Neovim and an answer; also returns the program's process id.
local function streaming()
  local child = case.child()
  case.standin:script({
    { steps = { { deltas = { text = "word ", count = 1000000, per_second = 500 } } } },
  })
  child:chat("Q")
  child:command("ChatvimComplete")
  child:wait_text("word word")
  local pid = child:program_pid()
  eq(files.is_alive(pid), true)
  return child, pid
end

local function expect_gone(pid, what)
  wait.until_true("the end of the program after " .. what, function()
    return not files.is_alive(pid)
  end, QUICK)
end

for _, command in ipairs({ "qall!", "cquit", "silent wqall" }) do
  T[":" .. command .. " with a stream running is quick and leaves no program"] = function()
    for _ = 1, 3 do
      local child, pid = streaming()
      local before = vim.uv.hrtime()
      vim.rpcnotify(child.channel, "nvim_command", command)
      local code = vim.fn.jobwait({ child.job }, wait.limit)[1]
      local milliseconds = (vim.uv.hrtime() - before) / 1e6
      eq(code, command == "cquit" and 1 or 0)
      eq({ milliseconds, milliseconds < QUICK }, { milliseconds, true })
      expect_gone(pid, command)
      case.standin:wait("closed=1")
      case.standin:reset()
    end
  end
end

for _, signal in ipairs({ "sigterm", "sigkill", "sighup" }) do
  T[signal .. " of Neovim leaves no program"] = function()
    for _ = 1, 5 do
      local child, pid = streaming()
      assert(vim.uv.kill(child.pid, signal))
      vim.fn.jobwait({ child.job }, wait.limit)
      expect_gone(pid, signal)
      case.standin:wait("closed=1")
      case.standin:reset()
    end
  end
end

T["a program that hangs does not delay :qall!, and is ended too"] = function()
  local child, pid = streaming()
  assert(vim.uv.kill(pid, "sigstop"))
  local before = vim.uv.hrtime()
  vim.rpcnotify(child.channel, "nvim_command", "qall!")
  vim.fn.jobwait({ child.job }, wait.limit)
  local milliseconds = (vim.uv.hrtime() - before) / 1e6
  eq({ milliseconds, milliseconds < QUICK }, { milliseconds, true })
  expect_gone(pid, "qall!")
end

T["an idle program ends with Neovim too, without delaying :qall"] = function()
  local child = case.child()
  case.standin:script({ replies.answer("A") })
  child:chat("Q")
  child:complete()
  local pid = child:program_pid()
  child:command("silent write")
  local before = vim.uv.hrtime()
  vim.rpcnotify(child.channel, "nvim_command", "qall")
  eq(vim.fn.jobwait({ child.job }, wait.limit)[1], 0)
  local milliseconds = (vim.uv.hrtime() - before) / 1e6
  eq({ milliseconds, milliseconds < QUICK }, { milliseconds, true })
  expect_gone(pid, "qall")
end

T["a running key command does not delay the exit"] = function()
  local child = case.child()
  local command = ("echo $$ >%s/pid; exec sleep 25"):format(child.folder)
  local key = ('api_key_command = ["sh", "-c", "%s"]\nmodels ='):format(command)
  child:write_config((case.config():gsub("models =", key)))
  child:chat("Q")
  child:command("ChatvimComplete")
  wait.until_true("the key command's start", function()
    local file = io.open(child.folder .. "/pid")
    local text = file and file:read("*a")
    return text and tonumber(text)
  end)
  local pid = child:program_pid()
  local before = vim.uv.hrtime()
  vim.rpcnotify(child.channel, "nvim_command", "qall!")
  vim.fn.jobwait({ child.job }, wait.limit)
  local milliseconds = (vim.uv.hrtime() - before) / 1e6
  eq({ milliseconds, milliseconds < QUICK }, { milliseconds, true })
  expect_gone(pid, "qall!")
end

return T
