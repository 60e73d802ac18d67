-- SPDX-License-Identifier: Apache-2.0
-- Runs a program and collects what it prints. The program and its children end with Neovim, and are
-- stopped if they take too long or print too much.
local M = {}

--- Limit of what is kept, in bytes.
M.MOST_BYTES = 1024 * 1024
--- Limit of the time, in seconds.
M.MOST_SECONDS = 120
--- After this the user is told that the program is still running, in ms.
local LONG = 2000

--- A program to run.
---@class chatvim.send.Command
---@field command string|string[] a command for the shell, or a program with its arguments
---@field input? string[] lines for its standard input
---@field env? table<string, string>
---@field name string for messages

--- What came of it.
---@class chatvim.send.Result
---@field output string what it printed, to standard output and to standard error, as it arrived
---@field errors string what it printed to standard error
---@field code integer its exit code
---@field stopped? "time"|"size" why it was stopped

--- A program that runs.
---@class chatvim.send.Run
---@field options chatvim.send.Command
---@field on_end fun(result: chatvim.send.Result)
---@field parts string[] what it has printed
---@field errors string[]
---@field size integer in bytes
---@field job integer
---@field timers uv.uv_timer_t[]
---@field stopped? "time"|"size"

---@param run chatvim.send.Run
---@param why "time"|"size"
local function stop(run, why)
  run.stopped = run.stopped or why
  vim.fn.jobstop(run.job)
end

--- Keeps what has arrived. Neovim splits it at line breaks; in an item, a line break is a NUL.
---@param run chatvim.send.Run
---@param data string[]
---@param list? string[] a second list to keep it in
local function receive(run, data, list)
  for index, item in ipairs(data) do
    data[index] = item:gsub("\n", "\0")
  end
  local text = table.concat(data, "\n"):sub(1, M.MOST_BYTES - run.size)
  run.size = run.size + #text
  table.insert(run.parts, text)
  if list then
    table.insert(list, text)
  end
  if run.size >= M.MOST_BYTES and not run.stopped then
    stop(run, "size")
  end
end

---@param run chatvim.send.Run
---@param code integer
local function finish(run, code)
  for _, timer in ipairs(run.timers) do
    timer:stop()
    timer:close()
  end
  run.on_end({
    output = table.concat(run.parts),
    errors = table.concat(run.errors),
    code = code,
    stopped = run.stopped,
  })
end

---@param run chatvim.send.Run
---@param delay integer in ms
---@param callback fun()
local function after(run, delay, callback)
  local timer = assert(vim.uv.new_timer())
  timer:start(
    delay,
    0,
    vim.schedule_wrap(function()
      if not timer:is_closing() then
        callback()
      end
    end)
  )
  table.insert(run.timers, timer)
end

---@param run chatvim.send.Run
local function limit_time(run)
  after(run, LONG, function()
    local text = "%s is still running; it is stopped after %g seconds"
    require("chatvim.notify").show(text:format(run.options.name, M.MOST_SECONDS), "info")
  end)
  after(run, M.MOST_SECONDS * 1000, function()
    stop(run, "time")
  end)
end

---@param run chatvim.send.Run
---@return table options of |jobstart()|
local function job_options(run)
  return {
    env = run.options.env,
    stdin = run.options.input and "pipe" or "null",
    on_stdout = function(_, data)
      receive(run, data)
    end,
    on_stderr = function(_, data)
      receive(run, data, run.errors)
    end,
    on_exit = function(_, code)
      finish(run, code)
    end,
  }
end

--- Starts a program in the working folder.
---@param options chatvim.send.Command
---@param on_end fun(result: chatvim.send.Result) called once, later
---@return string? err why it cannot be started
function M.start(options, on_end)
  local run = { options = options, on_end = on_end, parts = {}, errors = {}, size = 0, timers = {} }
  ---@cast run chatvim.send.Run
  local ok, job = pcall(vim.fn.jobstart, options.command, job_options(run))
  if not ok or job <= 0 then
    return ok and "it cannot be run" or tostring(job):gsub("^.*E%d+: ", "")
  end
  run.job = job
  limit_time(run)
  if options.input then
    -- A program may end without reading any of it.
    pcall(vim.fn.chansend, job, vim.list_extend(vim.list_slice(options.input), { "" }))
    pcall(vim.fn.chanclose, job, "stdin")
  end
end

return M
