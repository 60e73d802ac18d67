-- SPDX-License-Identifier: Apache-2.0
-- Closed folds hide what is drawn of a review.
local M = {}

local api = vim.api

--- Opens the folds of a new review's lines in the current window.
---@param review chatvim.Review
function M.open(review)
  local first, last = review.start + 1, review.start + math.max(#review.base, 1)
  last = math.min(last, api.nvim_buf_line_count(review.buf))
  if api.nvim_get_current_buf() == review.buf and first <= last then
    -- It fails if there is no fold.
    pcall(function()
      vim.cmd(("silent %d,%dfoldopen!"):format(first, last))
    end)
  end
end

--- Whether all lines of a change are in closed folds of the current window. An insertion is drawn
--- at the line above it.
---@param review chatvim.Review in the current buffer
---@param item chatvim.Placed
---@return boolean
function M.hides(review, item)
  local line, last = review.start + item.first + 1, review.start + item.last
  line = math.max(math.min(line, last), 1)
  repeat
    local closed = vim.fn.foldclosedend(line)
    if closed == -1 then
      return false
    end
    line = closed + 1
  until line > last
  return true
end

return M
