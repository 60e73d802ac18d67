-- SPDX-License-Identifier: Apache-2.0
-- Cleanup when an installation is interrupted: Neovim exits, or the user stops lazy.nvim's tasks.
local M = {}

--- Calls `callback` on Ctrl-C, which is a signal without a UI. Neovim 0.10 would exit at once,
--- without an autocommand.
---@param callback fun()
---@return fun() undo
local function on_interrupt(callback)
  local signal = #vim.api.nvim_list_uis() == 0 and vim.uv.new_signal()
  if not signal then
    return function() end
  end
  local function undo()
    if not signal:is_closing() then
      signal:stop()
      signal:close()
    end
  end
  signal:start("sigint", function()
    callback()
    undo()
    -- With the last handler removed, the signal has its default effect.
    vim.uv.kill(vim.uv.os_getpid(), "sigint")
  end)
  return undo
end

--- Calls `callback` if Neovim exits before the returned function is called. The callback may run
--- twice, and in a fast event context.
---@param callback fun()
---@return fun() undo
function M.on_exit(callback)
  local autocmd = vim.api.nvim_create_autocmd("VimLeavePre", { callback = callback })
  local undo_interrupt = on_interrupt(callback)
  return function()
    undo_interrupt()
    pcall(vim.api.nvim_del_autocmd, autocmd)
  end
end

--- Like `on_exit`, but also calls `callback` when the user presses `<C-c>` in lazy.nvim's window.
---@param callback fun()
---@return fun() undo
function M.on_stop(callback)
  local undo_exit = M.on_exit(callback)
  -- On `<C-c>` lazy.nvim does not resume a suspended coroutine, but it kills the handles in this
  -- table.
  local lazy = package.loaded["lazy.manage.process"]
  local running = type(lazy) == "table" and type(lazy.running) == "table" and lazy.running or {}
  local key = {}
  running[key] = { kill = callback }
  return function()
    running[key] = nil
    undo_exit()
  end
end

return M
