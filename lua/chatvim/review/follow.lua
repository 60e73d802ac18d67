-- SPDX-License-Identifier: Apache-2.0
-- Follows the range of a review and the user's edits in it, as Neovim reports changed lines.
local M = {}

local api = vim.api
local edits = require("chatvim.review.edits")
local hunks = require("chatvim.review.hunks")

--- Returns lines of the text under review as it is now.
---@param review chatvim.Review
---@param first integer from the range's first row
---@param last integer exclusive
---@return string[]
function M.read(review, first, last)
  local start = review.start
  return api.nvim_buf_get_lines(review.buf, start + first, start + last, false)
end

--- Returns the row below the range.
---@param review chatvim.Review
---@return integer
function M.stop(review)
  return review.start + edits.count(review.edits, review.base)
end

--- Whether lines at an end of the range are some that the user has deleted there.
---@param review chatvim.Review
---@param top boolean
---@param lines string[]
---@return boolean
local function is_restored(review, top, lines)
  local base, edit = review.base, review.edits[top and 1 or #review.edits]
  if not edit or (top and edit.first > 0) or (not top and edit.last < #base) then
    return false
  end
  local first = top and edit.last - #lines or edit.first
  return first >= edit.first
    and first + #lines <= edit.last
    and hunks.equal(hunks.slice(base, first, first + #lines), lines)
end

--- Whether lines that were inserted at an end of the range are part of it: they are a change that
--- was made at this end, or they were there before, and deleting them was undone.
---@param review chatvim.Review
---@param top boolean at the first row
---@param first integer
---@param last integer
---@return boolean
local function is_ours(review, top, first, last)
  local base_row = top and 0 or #review.base
  local lines = api.nvim_buf_get_lines(review.buf, first, last, false)
  for _, change in ipairs(review.changes) do
    local inserts = change.first == change.last and change.first == base_row
    if inserts and hunks.equal(change.lines, lines) then
      return true
    end
  end
  for _, accepted in ipairs(review.accepted) do
    local gone = accepted.first == base_row and #accepted.lines == 0
    if gone and hunks.equal(accepted.old, lines) then
      return true
    end
  end
  return is_restored(review, top, lines)
end

--- Records an edit within the range.
---@param review chatvim.Review
---@param first integer
---@param last integer
---@param new_last integer
local function record(review, first, last, new_last)
  local start = review.start
  edits.record(
    review.edits,
    review.base,
    first - start,
    last - start,
    new_last - start,
    function(from, to)
      return M.read(review, from, to)
    end
  )
end

--- Removes new lines at an end of the range that may be the user's own, from outside of it, from
--- the first or the last difference.
---@param found chatvim.Hunk[]
---@param old_count integer
---@param new_count integer
---@param above boolean
---@param below boolean
---@return integer from lines of the new text before the range
---@return integer to the line below the range
local function trim(found, old_count, new_count, above, below)
  local from, to = 0, new_count
  local top, bottom = found[1], found[#found]
  if above and top and top.first == 0 and top.b_first == 0 then
    from, top.b_first = top.b_last, top.b_last
  end
  if below and bottom and bottom.last == old_count and bottom.b_last == new_count then
    to = math.max(bottom.b_first, from)
    bottom.b_last = to
  end
  return from, to
end

--- Finds the range again after an edit across one of its ends, by the lines that are still there.
---@param review chatvim.Review
---@param first integer
---@param last integer
---@param new_last integer
---@return boolean lost
local function relocate(review, first, last, new_last)
  local start, stop = review.start, M.stop(review)
  local list, base = review.edits, review.base
  local above, below = first < start, last > stop
  local span = edits.span(list, math.max(first, start) - start, math.min(last, stop) - start)
  -- Rows of the new text: those of the edit, and those of earlier edits that it touches.
  local top = above and first or start + span.now_first
  local bottom = below and new_last or new_last + start + span.now_last - last
  local old = hunks.slice(base, span.first, span.last)
  local found = hunks.diff(old, api.nvim_buf_get_lines(review.buf, top, bottom, false))
  local whole = above and below
  if whole and (#old == 0 or (found[1] and found[1].first == 0 and found[1].last == #old)) then
    return true
  end
  local from, to = trim(found, #old, bottom - top, above, below)
  local new_start = above and top + from or start
  local delta = top + to - new_start - span.now_last
  for index = span.to + 1, #list do
    list[index].now_first = list[index].now_first + delta
    list[index].now_last = list[index].now_last + delta
  end
  local now = top - new_start
  edits.splice(list, span.from, span.to, edits.of_hunks(found, span.first, now))
  review.start = new_start
  return false
end

--- Follows an edit of the buffer: the rows from `first` to `last` became those from `first` to
--- `new_last`. Lines inserted directly above or below the range are outside of it.
---@param review chatvim.Review
---@param first integer
---@param last integer exclusive
---@param new_last integer exclusive
---@return boolean touched the text under review may have changed
---@return boolean lost nothing of it is left
function M.on_lines(review, first, last, new_last)
  local start = review.start
  local stop = M.stop(review)
  if first == last and (first == start or first == stop) then
    local emptied = start == stop and #review.base > 0
    if emptied or is_ours(review, first == start, first, new_last) then
      record(review, first, last, new_last)
      return true, false
    end
  end
  if last <= start then
    review.start = start + new_last - last
    return false, false
  elseif first >= stop then
    return false, false
  elseif first >= start and last <= stop then
    record(review, first, last, new_last)
    return true, false
  end
  return true, relocate(review, first, last, new_last)
end

return M
