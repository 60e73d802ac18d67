-- SPDX-License-Identifier: Apache-2.0
-- Detects what called the installation and how to wait there:
--   lazy.nvim's coroutine   suspend and resume it. lazy steps its coroutines from the event loop:
--                           `vim.wait` in a coroutine, followed by a yield, stops them all for
--                           good. A bare yield returns at once and keeps a processor busy.
--   any other coroutine     yield until the child has exited
--   a plain call            `vim.wait`; also in the coroutines of packer and pckr, whose schedulers
--                           accept only functions, and in coroutines that cannot yield here because
--                           of a C function in between, such as `dofile`
local M = {}

--- Returns lazy.nvim's object for the running coroutine.
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
  -- The second value comes from Lua 5.2; LuaJIT can be built to return it too.
  local thread, is_main = coroutine.running()
  -- Lua 5.1, which Neovim can be built with in place of LuaJIT, does not have it.
  local is_yieldable = rawget(coroutine, "isyieldable") --[[@as (fun(): boolean)?]]
  return thread ~= nil and not is_main and (not is_yieldable or is_yieldable())
end

--- Returns how the caller has to wait.
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

--- Yields to a coroutine's scheduler, which returns "abort" when the user stops all tasks.
---@param message? string|table progress that the scheduler shows
function M.yield(message)
  if coroutine.yield(message) == "abort" then
    error("chatvim: the installation was stopped", 0)
  end
end

--- Returns `wait`, which blocks until `is_ready()` is true, and `notify`, which wakes a suspended
--- coroutine: call it whenever the result of `is_ready()` may have changed.
---@return fun(is_ready: fun(): boolean) wait
---@return fun() notify
function M.waiter()
  local kind = M.kind()
  if kind == "plain" then
    return function(is_ready)
      -- Each call waits at most 15 minutes; the caller then waits again.
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
