-- SPDX-License-Identifier: Apache-2.0
-- Runs a child process and waits for it in the way that fits the caller:
--   lazy.nvim's coroutine   is suspended and resumed. lazy steps its coroutines from the event
--                           loop: `vim.wait` in one of them, and a yield after it, stops them all
--                           for good. A bare yield comes back at once and keeps a processor busy.
--   any other coroutine     yields until the child has ended
--   a plain call            `vim.wait`; so do packer's and pckr's coroutines, whose schedulers take
--                           functions only, and coroutines that cannot yield here because there is
--                           a C function in between, such as `dofile`
local M = {}

---@class chatvim.install.Log the log file of a build, and the end of it
---@field path string
---@field private _file? file*
---@field private _lines string[] of the command that ran last
local Log = {}
Log.__index = Log

--- Lines that are kept of a command.
local KEPT_LINES = 200

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

--- lazy.nvim's object for the running coroutine.
---@return table?
local function lazy_async()
  local async = package.loaded["lazy.async"]
  if type(async) ~= "table" or type(async.running) ~= "function" then
    return nil
  end
  local ok, running = pcall(async.running)
  if ok and type(running) == "table" and running.suspend and running.resume then
    return running
  end
end

--- Whether the running code can yield.
---@return boolean
local function can_yield()
  -- The second value is Lua 5.2's, which LuaJIT may be built to give.
  local thread, is_main = coroutine.running()
  return thread ~= nil and not is_main and (not coroutine.isyieldable or coroutine.isyieldable())
end

--- How this call has to wait.
---@return "lazy"|"coroutine"|"plain"
function M.caller()
  if not can_yield() then
    return "plain"
  elseif lazy_async() then
    return "lazy"
  elseif package.loaded["packer.async"] or package.loaded["pckr.async"] then
    return "plain"
  end
  return "coroutine"
end

--- Yields to the scheduler of a coroutine, which answers "abort" when the user stops all tasks.
---@param message? string|table what it shows
function M.yield(message)
  if coroutine.yield(message) == "abort" then
    error("chatvim: the installation was stopped", 0)
  end
end

--- `wait` returns when `is_ready()`. Call `notify` whenever its answer may have changed, to wake a
--- suspended coroutine.
---@return fun(is_ready: fun(): boolean) wait
---@return fun() notify
local function waiter()
  local caller = M.caller()
  if caller == "plain" then
    return function(is_ready)
      -- A quarter of an hour at most in one call, then again.
      local done, why = vim.wait(900000, is_ready, 50)
      if not done and why == -2 then
        error("chatvim: the installation was stopped", 0)
      end
    end, function() end
  elseif caller == "coroutine" then
    return function(is_ready)
      while not is_ready() do
        M.yield()
      end
    end, function() end
  end
  local async = assert(lazy_async())
  return function(is_ready)
    while not is_ready() do
      async:suspend()
    end
  end,
    vim.schedule_wrap(function()
      async:resume()
    end)
end

--- Ends a child and what it has started. In an interactive Neovim it leads a process group; in a
--- script it stays in the terminal's, which Ctrl-C ends as a whole.
---@param process vim.SystemObj
---@param leads boolean
local function stop(process, leads)
  if not leads or not pcall(vim.uv.kill, -process.pid, "sigterm") then
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

--- Runs a command to its end. Its output goes to the log as it comes.
---@param command string[]
---@param log? chatvim.install.Log
---@param options? chatvim.install.TaskOptions
---@return chatvim.install.Ended
function M.run(command, log, options)
  options = options or {}
  log = log or M.no_log()
  log:begin(command)
  local wait, notify = waiter()
  local leads = #vim.api.nvim_list_uis() > 0
  local ended ---@type vim.SystemCompleted?
  local chunks, taken, rest = {}, 0, ""
  local function collect(_, data)
    table.insert(chunks, data)
    notify()
  end
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
  local function deliver()
    while taken < #chunks do
      taken = taken + 1
      log:write(chunks[taken])
      rest = rest .. chunks[taken]
      for line in rest:gmatch("([^\r\n]*)[\r\n]") do
        if options.on_line then
          options.on_line(line)
        end
      end
      rest = rest:match("[^\r\n]*$")
    end
  end
  local unguard = guard(process, leads)
  local ok, err = pcall(function()
    while not ended do
      wait(function()
        return ended ~= nil or taken < #chunks
      end)
      deliver()
    end
    deliver()
  end)
  unguard()
  if not ok then
    stop(process, leads)
    error(err, 0)
  end
  local timed_out = options.timeout ~= nil and ended.code == 124
  return {
    ok = ended.code == 0 and ended.signal == 0,
    code = ended.code,
    signal = ended.signal,
    timed_out = timed_out,
    output = table.concat(chunks),
  }
end

--- Opens the log of a new installation.
---@return chatvim.install.Log
function M.open_log()
  local folder = vim.fn.stdpath("log") --[[@as string]]
  vim.fn.mkdir(folder, "p")
  local path = vim.fs.joinpath(folder, "chatvim-build.log")
  -- A log that cannot be written is no reason not to install.
  return setmetatable({ path = path, _file = io.open(path, "w"), _lines = {} }, Log)
end

--- A log that is not kept.
---@return chatvim.install.Log
function M.no_log()
  return setmetatable({ path = "", _lines = {} }, Log)
end

--- Begins with another command.
---@param command string[]
function Log:begin(command)
  self:clear()
  if self._file then
    self._file:write("$ " .. table.concat(command, " ") .. "\n")
  end
end

--- Forgets the lines of the last command; the file keeps them.
function Log:clear()
  self._lines = {}
end

---@param text string
function Log:write(text)
  if self._file then
    self._file:write(text)
    self._file:flush()
  end
  local last = table.remove(self._lines) or ""
  vim.list_extend(self._lines, vim.split(last .. text, "[\r\n]+"))
  if #self._lines > 2 * KEPT_LINES then
    self._lines = vim.list_slice(self._lines, #self._lines - KEPT_LINES)
  end
end

--- The last lines of the command that ran last, without those that are empty or only count files.
---@param count integer
---@return string[]
function Log:last(count)
  local lines = vim.tbl_filter(function(line)
    return line:find("%S") ~= nil and not line:find("^%[[%d/ %%]+%]")
  end, self._lines)
  return vim.list_slice(lines, math.max(1, #lines - count + 1))
end

function Log:close()
  if self._file then
    self._file:close()
  end
end

return M
