-- SPDX-License-Identifier: Apache-2.0
-- Reasons that concern windows and buffers of any kind, as messages for the user.
local M = {}

--- Returns why no window can be opened now, or nil.
---@return string?
function M.command_window()
  if vim.fn.getcmdwintype() ~= "" then
    return "not from the command-line window: close it first, with `:quit`"
  end
end

--- Returns why the text of a buffer cannot be changed, or nil if it can.
---@param buf integer
---@return string?
function M.to_change(buf)
  local kind = vim.bo[buf].buftype
  if vim.bo[buf].modifiable then
    return
  elseif kind == "terminal" or kind == "quickfix" then
    return ("the lines of a %s buffer cannot be changed"):format(kind)
  end
  return "this buffer cannot be changed; `:set modifiable` makes it so"
end

return M
