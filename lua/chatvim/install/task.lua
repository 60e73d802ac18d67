-- SPDX-License-Identifier: Apache-2.0
-- Runs a child process to its end.
local callers = require("chatvim.install.caller")
local logs = require("chatvim.install.log")

local M = {}

---@class chatvim.install.TaskOptions
---@field cwd? string
---@field env? table<string, string>
---@field timeout? integer milliseconds
---@field on_line? fun(line: string) may yield

---@class chatvim.install.Ended
---@field ok boolean it ran, and ended with 0
---@field err? string why it did not start
---@field code integer
---@field signal integer what killed it, or 0
---@field timed_out boolean
---@field output string standard output and error output

--- Ends a child and what it has started. In an interactive Neovim it leads a process group; in a
--- script it stays in the terminal's, which Ctrl-C ends as a whole.
---@param process vim.SystemObj
---@param leads boolean
local function stop(process, leads)
  if not leads or vim.uv.kill(-process.pid, "sigterm") ~= 0 then
    process:kill("sigterm")
  end
end

--- Has the child end when Neovim or lazy's `<C-c>` does. Gives the function that undoes this.
---@param process vim.SystemObj
---@param leads boolean
---@return fun()
local function guard(process, leads)
  local function end_it()
    stop(process, leads)
  end
  local autocmd = vim.api.nvim_create_autocmd("VimLeavePre", { callback = end_it })
  -- A suspended coroutine is not told of `<C-c>`, but lazy's own processes are ended by it.
  local lazy = package.loaded["lazy.manage.process"]
  local running = type(lazy) == "table" and type(lazy.running) == "table" and lazy.running or {}
  running[process] = { kill = end_it }
  return function()
    running[process] = nil
    pcall(vim.api.nvim_del_autocmd, autocmd)
  end
end

--- What a child prints: kept whole, and given on as it comes.
---@param log chatvim.install.Log
---@param on_line? fun(line: string)
---@return { chunks: string[], is_new: fun(): boolean, deliver: fun() }
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

--- Runs a command to its end. Its output goes to the log as it comes.
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
  local leads = #vim.api.nvim_list_uis() > 0
  local started, process = pcall(vim.system, command, {
    cwd = options.cwd,
    env = options.env,
    timeout = options.timeout,
    detach = leads,
    stdout = collect,
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
  local unguard = guard(process, leads)
  local ok, err = pcall(function()
    repeat
      wait(function()
        return ended ~= nil or output.is_new()
      end)
      output.deliver()
    until ended and not output.is_new()
  end)
  unguard()
  if not ok then
    stop(process, leads)
    error(err, 0)
  end
  return {
    ok = ended.code == 0 and ended.signal == 0,
    code = ended.code,
    signal = ended.signal,
    timed_out = options.timeout ~= nil and ended.code == 124,
    output = table.concat(output.chunks),
  }
end

return M
