-- SPDX-License-Identifier: Apache-2.0
-- The new lines of a change as virtual lines that fit into the windows.
local M = {}

local api = vim.api
local texts = require("chatvim.review.text")

--- Whether Neovim can scroll virtual lines sideways with the text.
M.SCROLLS = vim.fn.has("nvim-0.11") == 1
--- More lines of one change are not drawn, and of one that arrives not more than these.
local MOST, MOST_GROWING = 1000, 200

--- How wide drawn lines can be.
---@class chatvim.Review.Fit
---@field width integer cells of the narrowest window; 0 without a window
---@field wrap boolean 'wrap' is on there

--- Returns how wide lines can be in the windows that show a review.
---@param review chatvim.Review
---@return chatvim.Review.Fit
function M.fit(review)
  local fit = { width = 0, wrap = false }
  for _, win in ipairs(vim.fn.win_findbuf(review.buf)) do
    local width = api.nvim_win_get_width(win) - vim.fn.getwininfo(win)[1].textoff
    if width > 0 and (fit.width == 0 or width < fit.width) then
      fit = { width = width, wrap = vim.wo[win].wrap }
    end
  end
  return fit
end

--- Returns the rows that show a line of the proposal. Without 'wrap', Neovim scrolls virtual lines
--- with the text; versions that cannot cut them.
---@param line string
---@param fit chatvim.Review.Fit
---@return string[]
local function fitted(line, fit)
  if fit.width == 0 then
    return { line }
  elseif fit.wrap then
    return texts.wrap(line, fit.width)
  end
  return { M.SCROLLS and line or texts.cut(line, fit.width) }
end

--- Returns the virtual lines of a change, without the separator.
---@param review chatvim.Review
---@param item chatvim.Placed
---@return [string, string][][]
function M.lines(review, item)
  local lines, tabstop = item.change.lines, vim.bo[review.buf].tabstop
  local list = {}
  -- Of a change that arrives, the end is of interest.
  local most = item.change.growing and MOST_GROWING or MOST
  local from = item.change.growing and math.max(#lines - most, 0) + 1 or 1
  for index = from, math.min(#lines, from + most - 1) do
    for _, row in ipairs(fitted(texts.shown(lines[index], tabstop), review.fit)) do
      list[#list + 1] = { { row, "ChatvimAdded" } }
    end
  end
  if #lines > most then
    local more = require("chatvim.view.numbers").count(#lines - most)
    table.insert(list, from > 1 and 1 or #list + 1, {
      { ("… %s more lines"):format(more), "ChatvimReview" },
    })
  end
  return list
end

return M
