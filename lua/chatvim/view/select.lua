-- SPDX-License-Identifier: Apache-2.0
-- Lets a person choose, with `vim.ui.select()` as Neovim or a plugin has it.
local M = {}

--- Shows a list. Where it was left with CTRL-C nothing is chosen.
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

--- True where the list is Neovim's own, whether that is read from the runtime files or compiled in:
--- it blocks, and shows no more than fits the screen.
---@return boolean
function M.is_builtin()
  local source = debug.getinfo(vim.ui.select, "S").source
  return source == "?" or source == "=?" or source:find("vim/ui%.lua$") ~= nil
end

return M
