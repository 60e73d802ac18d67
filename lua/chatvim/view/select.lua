-- SPDX-License-Identifier: Apache-2.0
-- Lets the user choose with `vim.ui.select()`, whether Neovim's own or a plugin's.
local M = {}

--- Shows a list. CTRL-C calls `on_choice` with nil.
---@param items any[]
---@param options table as for `vim.ui.select()`
---@param on_choice fun(item: any)
---@return string? err why the list cannot be shown
function M.show(items, options, on_choice)
  local ok, err = pcall(vim.ui.select, items, options, on_choice)
  if ok then
    return
  elseif tostring(err):find("Keyboard interrupt", 1, true) then
    on_choice(nil)
  else
    return tostring(err)
  end
end

--- Whether `vim.ui.select()` is Neovim's own, whether from the runtime files or compiled in. That
--- one blocks, and shows only as many items as fit on the screen.
---@return boolean
function M.is_builtin()
  local source = debug.getinfo(vim.ui.select, "S").source
  return source == "?" or source == "=?" or source:find("vim/ui%.lua$") ~= nil
end

return M
