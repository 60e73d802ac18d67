-- SPDX-License-Identifier: Apache-2.0
-- Follows the user's edits of a text under review, so that it need not be compared as a whole after
-- each of them. Pure: rows are those of the text, from 0.
local M = {}

local hunks = require("chatvim.review.hunks")
local lists = require("chatvim.review.list")

--- Returns the range of edits that touch rows of the text.
---@param edits chatvim.Edit[]
---@param first integer
---@param last integer
---@return integer from
---@return integer to smaller than `from` if there are none
local function touching(edits, first, last)
  local from = 1
  while edits[from] and edits[from].now_last < first do
    from = from + 1
  end
  local to = from - 1
  while edits[to + 1] and edits[to + 1].now_first <= last do
    to = to + 1
  end
  return from, to
end

--- Returns the difference of rows in the base and rows in the text below an edit.
---@param edit? chatvim.Edit
---@return integer
local function offset_below(edit)
  return edit and edit.last - edit.now_last or 0
end

--- Replaces entries of a list.
---@generic T
---@param list T[]
---@param from integer
---@param to integer
---@param items T[]
function M.splice(list, from, to, items)
  local count, old = #list, to - from + 1
  local delta = #items - old
  if delta > 0 then
    for index = count, to + 1, -1 do
      list[index + delta] = list[index]
    end
  elseif delta < 0 then
    for index = to + 1, count do
      list[index + delta] = list[index]
    end
    for index = count, count + delta + 1, -1 do
      list[index] = nil
    end
  end
  for index, item in ipairs(items) do
    list[from + index - 1] = item
  end
end

--- Rows of a text with the edits that touch them.
---@class chatvim.Edits.Span
---@field from integer the first of the edits
---@field to integer the last one; smaller than `from` if there are none
---@field first integer rows of the base
---@field last integer exclusive
---@field now_first integer rows of the text
---@field now_last integer exclusive

--- Extends rows of the text to the edits that they touch, and returns the rows of the base.
---@param edits chatvim.Edit[]
---@param first integer
---@param last integer exclusive
---@return chatvim.Edits.Span
function M.span(edits, first, last)
  local from, to = touching(edits, first, last)
  local above = offset_below(edits[from - 1])
  local below = above
  if to >= from then
    first = math.min(first, edits[from].now_first)
    last = math.max(last, edits[to].now_last)
    below = offset_below(edits[to])
  end
  return {
    from = from,
    to = to,
    first = first + above,
    last = last + below,
    now_first = first,
    now_last = last,
  }
end

--- Returns the edits of a comparison of parts of both texts.
---@param found chatvim.Hunk[]
---@param base_row integer where the part of the base begins
---@param now_row integer where the part of the text begins
---@return chatvim.Edit[]
function M.of_hunks(found, base_row, now_row)
  return lists.map(found, function(hunk)
    return {
      first = base_row + hunk.first,
      last = base_row + hunk.last,
      now_first = now_row + hunk.b_first,
      now_last = now_row + hunk.b_last,
    }
  end)
end

--- Records that rows of the text were replaced.
---@param edits chatvim.Edit[] in order; changed
---@param base string[]
---@param first integer
---@param last integer exclusive
---@param new_last integer exclusive
---@param read fun(first: integer, last: integer): string[] returns rows of the text after it
function M.record(edits, base, first, last, new_last, read)
  local span = M.span(edits, first, last)
  local delta = new_last - last
  for index = span.to + 1, #edits do
    local edit = edits[index]
    edit.now_first, edit.now_last = edit.now_first + delta, edit.now_last + delta
  end
  local old = hunks.slice(base, span.first, span.last)
  local found = hunks.diff(old, read(span.now_first, span.now_last + delta))
  M.splice(edits, span.from, span.to, M.of_hunks(found, span.first, span.now_first))
end

--- Returns how many rows the text has.
---@param edits chatvim.Edit[]
---@param base string[]
---@return integer
function M.count(edits, base)
  return #base - offset_below(edits[#edits])
end

return M
