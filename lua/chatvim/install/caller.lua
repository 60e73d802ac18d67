-- SPDX-License-Identifier: Apache-2.0
-- Who runs the installation, and how it waits there:
--   lazy.nvim's coroutine   is suspended and resumed. lazy steps its coroutines from the event
--                           loop: `vim.wait` in one of them, and a yield after it, stops them all
--                           for good. A bare yield comes back at once and keeps a processor busy.
--   any other coroutine     yields until the child has ended
--   a plain call            `vim.wait`; so do packer's and pckr's coroutines, whose schedulers take
--                           functions only, and coroutines that cannot yield here because there is
--                           a C function in between, such as `dofile`
local M = {}

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
function M.kind()
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
function M.waiter()
  local kind = M.kind()
  if kind == "plain" then
    return function(is_ready)
      -- A quarter of an hour at most in one call, then again.
      local done, why = vim.wait(900000, is_ready, 50)
      if not done and why == -2 then
        error("chatvim: the installation was stopped", 0)
      end
    end, function() end
  elseif kind == "coroutine" then
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

return M
