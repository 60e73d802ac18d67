-- SPDX-License-Identifier: Apache-2.0
-- Runs a child process until it exits.
local callers = require("chatvim.install.caller")
local logs = require("chatvim.install.log")
local stop = require("chatvim.install.stop")

local M = {}

---@class chatvim.install.TaskOptions
---@field cwd? string
---@field env? table<string, string>
---@field timeout? integer milliseconds
---@field on_line? fun(line: string) may yield
---@field receive? fun(data: string): string? gets standard output instead of the log, in a fast
--- event context. If it returns an error, the child is terminated.

---@class chatvim.install.Ended
---@field ok boolean it started and exited with 0
---@field err? string why it did not start, or the error of `receive`
---@field code integer
---@field signal integer what killed it, or 0
---@field timed_out boolean
---@field output string standard output and standard error

--- Terminates a child and its descendants: the child leads a process group.
---@param process vim.SystemObj
local function terminate(process)
  if vim.uv.kill(-process.pid, "sigterm") ~= 0 then
    process:kill("sigterm")
  end
end

--- Collects a child's output and passes it line by line to the log and to `on_line`.
---@param log chatvim.install.Log
---@param on_line? fun(line: string)
---@return { chunks: string[], deliver: fun(), is_new: fun(): boolean }
local function reader(log, on_line)
  local chunks, taken, rest = {}, 0, ""
  local function is_new()
    return taken < #chunks
  end
  local function deliver()
    while is_new() do
      taken = taken + 1
      log:write(chunks[taken])
      rest = rest .. chunks[taken]
      for line in rest:gmatch("([^\r\n]*)[\r\n]") do
        if on_line then
          on_line(line)
        end
      end
      rest = rest:match("[^\r\n]*$")
    end
  end
  return { chunks = chunks, is_new = is_new, deliver = deliver }
end

--- Returns a handler of standard output that calls `receive`, and a state that holds its error.
---@param receive fun(data: string): string?
---@return fun(err: string?, data: string?) handler
---@return { process?: vim.SystemObj, err?: string } state
local function receiver(receive)
  local state = {}
  return function(_, data)
    if data and not state.err then
      state.err = receive(data)
      if state.err then
        terminate(state.process)
      end
    end
  end,
    state
end

--- Runs a command until it exits. Its output goes to the log as it arrives.
---@param command string[]
---@param log? chatvim.install.Log
---@param options? chatvim.install.TaskOptions
---@return chatvim.install.Ended
function M.run(command, log, options)
  options, log = options or {}, log or logs.none()
  log:begin(command)
  local output = reader(log, options.on_line)
  local wait, notify = callers.waiter()
  local ended ---@type vim.SystemCompleted?
  local function collect(_, data)
    table.insert(output.chunks, data)
    notify()
  end
  local on_stdout, received = collect, {}
  if options.receive then
    on_stdout, received = receiver(options.receive)
  end
  local started, process = pcall(vim.system, command, {
    cwd = options.cwd,
    env = options.env,
    timeout = options.timeout,
    detach = true,
    stdout = on_stdout,
    stderr = collect,
  }, function(completed)
    ended = completed
    notify()
  end)
  if not started then
    local err = tostring(process):gsub("^.-: ", "")
    log:write(err .. "\n")
    return { ok = false, err = err, code = -1, signal = 0, timed_out = false, output = "" }
  end
  received.process = process
  local undo = stop.on_stop(function()
    terminate(process)
  end)
  local ok, err = pcall(function()
    repeat
      wait(function()
        return ended ~= nil or output.is_new()
      end)
      output.deliver()
    until ended and not output.is_new()
  end)
  undo()
  if not ok then
    terminate(process)
    error(err, 0)
  end
  ---@cast ended vim.SystemCompleted
  return {
    ok = ended.code == 0 and ended.signal == 0 and not received.err,
    err = received.err,
    code = ended.code,
    signal = ended.signal,
    timed_out = options.timeout ~= nil and ended.code == 124,
    output = table.concat(output.chunks),
  }
end

return M
