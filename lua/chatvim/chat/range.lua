-- SPDX-License-Identifier: Apache-2.0
-- The text that the first update of an answer replaces: marks that move with it, and checks that it
-- is unchanged. Does not edit anything.
local M = {}

local api = vim.api
local get_mark = api.nvim_buf_get_extmark_by_id
local set_mark = api.nvim_buf_set_extmark

local namespace = api.nvim_create_namespace("chatvim.place")
--- How many lines above a range are searched for text.
local LOOK = 100

--- The text that the first update of an answer replaces.
---@class chatvim.Range
---@field mark? integer extmark over it; nil if it is empty
---@field text string[] the original text, split at line breaks
---@field blank boolean only white space, so the answer is correct even if it is not replaced
---@field at_line_start boolean
---@field moved? boolean the mark no longer covers it
---@field anchor? integer extmark over the text before it

---@param buf integer
---@param where integer[] row, column, end row, end column
---@return string[]
local function get_text(buf, where)
  return api.nvim_buf_get_text(buf, where[1], where[2], where[3], where[4], {})
end

--- Sets an extmark over part of a line. It becomes invalid when all of that text is deleted.
---@param buf integer
---@param row integer
---@param column integer
---@param end_column integer
---@return integer
function M.over(buf, row, column, end_column)
  return set_mark(buf, namespace, row, column, {
    end_row = row,
    end_col = end_column,
    invalidate = true,
    right_gravity = true,
    end_right_gravity = false,
  })
end

--- Sets an extmark over the last nonblank text before a position: the text that the answer
--- continues, or its delimiter. Returns nil if there is no such text.
---@param buf integer
---@param row integer
---@param column integer
---@return integer?
local function anchor(buf, row, column)
  local first = math.max(row - LOOK, 0)
  local lines = api.nvim_buf_get_lines(buf, first, row + 1, true)
  lines[#lines] = lines[#lines]:sub(1, column)
  for index = #lines, 1, -1 do
    if lines[index]:find("%S") then
      return M.over(buf, first + index - 1, 0, #lines[index])
    end
  end
end

--- Creates a range between two positions, with its marks.
---@param buf integer
---@param row integer
---@param column integer
---@param end_row integer
---@param end_column integer
---@return chatvim.Range
function M.new(buf, row, column, end_row, end_column)
  local text = get_text(buf, { row, column, end_row, end_column })
  local blank = not table.concat(text):find("%S")
  local range = { text = text, blank = blank, at_line_start = column == 0 }
  if row < end_row or column < end_column then
    range.mark = set_mark(buf, namespace, row, column, {
      end_row = end_row,
      end_col = end_column,
      right_gravity = false,
      -- Text typed at the end of white space is the user's next line; at the end of other text it
      -- changes that text.
      end_right_gravity = not range.blank,
    })
  end
  range.anchor = anchor(buf, row, column)
  return range
end

--- Whether the text of a mark made by `over` was deleted.
---@param buf integer
---@param mark integer
---@return boolean
function M.is_gone(buf, mark)
  local at = get_mark(buf, namespace, mark, { details = true })
  local range = at[3]
  -- Neovim 0.10 does not mark a range as invalid if an undo emptied it; a redo leaves its start
  -- after its end.
  return not range
    or range.invalid
    or at[1] > range.end_row
    or (at[1] == range.end_row and at[2] >= range.end_col)
end

--- Returns the current position of the range; nil if there is nothing to remove.
---@param buf integer
---@param range chatvim.Range
---@return integer[]? where row, column, end row, end column; from 0, the end exclusive
---@return string? lost why the answer cannot be inserted
function M.claim(buf, range)
  if range.anchor and M.is_gone(buf, range.anchor) then
    return nil, "the text before its place was deleted"
  end
  if not range.mark then
    return
  end
  local at = get_mark(buf, namespace, range.mark, { details = true })
  local last = at[3] or {}
  local where = { at[1] or 0, at[2] or 0, last.end_row or 0, last.end_col or 0 }
  -- A mark may be below the last line.
  local ok, text = pcall(get_text, buf, where)
  if ok and vim.deep_equal(text, range.text) then
    return where
  elseif not range.blank then
    return nil, "the text that it was to replace was edited"
  end
end

--- Deletes the marks of a range.
---@param buf integer
---@param range chatvim.Range
function M.close(buf, range)
  for _, mark in pairs({ range.mark, range.anchor }) do
    api.nvim_buf_del_extmark(buf, namespace, mark)
  end
end

return M
