-- SPDX-License-Identifier: Apache-2.0
-- The layout of a child's windows.
local M = {}

--- Returns the windows of the current tab page as text, such as "row(a.lua, chat)", with "*" at the
--- current window. Names with a date are cut before the date.
---@param child tests.Child
---@return string
function M.of(child)
  return child:lua([[
    local function text(node)
      if node[1] == "leaf" then
        local name = vim.fs.basename(vim.api.nvim_buf_get_name(vim.api.nvim_win_get_buf(node[2])))
        name = name:gsub("%-%d%d%d%d%-.*", "")
        return name .. (node[2] == vim.api.nvim_get_current_win() and "*" or "")
      end
      return ("%s(%s)"):format(node[1], table.concat(vim.tbl_map(text, node[2]), ", "))
    end
    return text(vim.fn.winlayout())
  ]])
end

return M
