-- SPDX-License-Identifier: Apache-2.0
-- What the user sees of a child: the view of each window, and the screen.
local M = {}

--- Returns the view of every window of all tab pages, by window.
---@param child tests.Child
---@return table<string, table>
function M.all(child)
  return child:lua([[
    local views = {}
    for _, win in ipairs(vim.api.nvim_list_wins()) do
      views[tostring(win)] = vim.api.nvim_win_call(win, vim.fn.winsaveview)
    end
    return views
  ]])
end

--- Redraws and returns the lines of the screen.
---@param child tests.Child
---@return string[]
function M.screen(child)
  child:command("redraw")
  return M.screen_as_it_is(child)
end

--- Returns the lines of the screen without a redraw.
---@param child tests.Child
---@return string[]
function M.screen_as_it_is(child)
  return child:lua([[
    local lines = {}
    for row = 1, vim.o.lines do
      local cells = {}
      for column = 1, vim.o.columns do
        cells[column] = vim.fn.screenstring(row, column)
      end
      lines[row] = table.concat(cells)
    end
    return lines
  ]])
end

return M
