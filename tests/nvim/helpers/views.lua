-- SPDX-License-Identifier: Apache-2.0
-- What a person sees of a child: each window's view, and the screen.
local M = {}

--- The view of every window of the current tab and others, by window.
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

--- The lines of the screen, after a redraw.
---@param child tests.Child
---@return string[]
function M.screen(child)
  child:command("redraw")
  return M.screen_as_it_is(child)
end

--- The lines of the screen, as they were drawn.
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
