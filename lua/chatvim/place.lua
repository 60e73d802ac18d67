-- SPDX-License-Identifier: Apache-2.0
-- Where an answer goes: marks that move along with the text around it, and what tells whether that
-- text is still there. Nothing is edited here.
local M = {}

local api = vim.api
local get_mark = api.nvim_buf_get_extmark_by_id
local set_mark = api.nvim_buf_set_extmark

local namespace = api.nvim_create_namespace("chatvim.place")
--- As far as this many lines above a place are looked at for text.
local LOOK = 100

--- The place in a buffer where an answer grows, and what is needed to know who else edited. Owned
--- by one answer.
---@class chatvim.Place
---@field buf integer
---@field mark integer extmark at the end of the answer; what the user types there stays behind it
---@field guard? integer extmark over the answer's first line, gone with it
---@field tick? integer b:changedtick after our last update
---@field sequence? integer number of the undo block of our last update
---@field follow boolean
---@field range? chatvim.Range what the first text replaces
---@field bare? boolean no user delimiter is written below the answer: one stands there

--- Text that the first text of an answer replaces.
---@class chatvim.Range
---@field mark? integer extmark over it; none where it is empty
---@field text string[] what it was, split at line breaks
---@field blank boolean it is white space: the answer is right without replacing it too
---@field anchor? integer extmark over the text before it

--- A place at the end of the buffer's text.
---@param buf integer
---@param follow boolean
---@return chatvim.Place
function M.open(buf, follow)
  local last = api.nvim_buf_line_count(buf) - 1
  local line = api.nvim_buf_get_lines(buf, last, last + 1, true)[1]
  local mark = set_mark(buf, namespace, last, #line, { right_gravity = false })
  return { buf = buf, mark = mark, follow = follow }
end

--- Moves a place to a range that the answer's first text will replace.
---@param place chatvim.Place
---@param map table the program's `place`
function M.move(place, map)
  local buf = place.buf
  local row, column, end_row, end_column = map.row, map.column, map.end_row, map.end_column
  set_mark(buf, namespace, row, column, { id = place.mark, right_gravity = false })
  place.bare = map.delimiter_below == true
  local text = M._text(buf, { row, column, end_row, end_column })
  local range = { text = text, blank = not table.concat(text):find("%S") }
  if row < end_row or column < end_column then
    range.mark = set_mark(buf, namespace, row, column, {
      end_row = end_row,
      end_col = end_column,
      right_gravity = false,
      -- What is typed at the end of white space is the user's next line; at the end of text it is
      -- a change of that text.
      end_right_gravity = not range.blank,
    })
  end
  range.anchor = M._anchor(buf, row, column)
  place.range = range
end

--- The text to be replaced, as it stands now, before the first text goes in: nothing where nothing
--- is to be removed.
---@param place chatvim.Place
---@return integer[]? where row, column, end row, end column; from 0, the end exclusive
---@return string? lost why the answer cannot go in
function M.claim(place)
  local range = place.range
  if not range then
    return
  end
  if range.anchor and M._is_gone(place.buf, range.anchor) then
    return nil, "the text before its place was deleted"
  end
  if not range.mark then
    return
  end
  local at = get_mark(place.buf, namespace, range.mark, { details = true })
  local last = at[3] or {}
  local where = { at[1] or 0, at[2] or 0, last.end_row or 0, last.end_col or 0 }
  -- A mark may be left below the last line.
  local ok, text = pcall(M._text, place.buf, where)
  if ok and vim.deep_equal(text, range.text) then
    return where
  elseif not range.blank then
    return nil, "the text that it was to replace was edited"
  end
end

--- The range has been replaced, or is to stay.
---@param place chatvim.Place
function M.release(place)
  local range = place.range
  place.range = nil
  if range then
    M._delete(place.buf, range.mark)
    M._delete(place.buf, range.anchor)
  end
end

--- Takes the marks of a place away.
---@param place chatvim.Place
function M.close(place)
  if api.nvim_buf_is_loaded(place.buf) then
    M._delete(place.buf, place.mark)
    M._delete(place.buf, place.guard)
    M.release(place)
  end
end

--- The end of the answer so far, both from 0; nothing when the mark is gone.
---@param place chatvim.Place
---@return integer? row
---@return integer? column
function M.position(place)
  if not api.nvim_buf_is_loaded(place.buf) then
    return
  end
  local at = get_mark(place.buf, namespace, place.mark, {})
  return at[1], at[2]
end

--- Puts the place behind text that was put in.
---@param place chatvim.Place
---@param row integer
---@param column integer
function M.advance(place, row, column)
  set_mark(place.buf, namespace, row, column, { id = place.mark, right_gravity = false })
end

--- Watches over the first line of the answer that is not blank.
---@param place chatvim.Place
---@param row integer where the lines begin
---@param column integer
---@param lines string[]
function M.watch(place, row, column, lines)
  for index, line in ipairs(lines) do
    if line:find("%S") then
      local start = index == 1 and column or 0
      place.guard = M._over(place.buf, row + index - 1, start, start + #line)
      return
    end
  end
end

--- Where on a row the answer begins: behind what it goes on with, where that is the row.
---@param place chatvim.Place
---@param row integer
---@return integer column
function M.start_on(place, row)
  local at = place.guard and get_mark(place.buf, namespace, place.guard, {}) or {}
  return at[1] == row and at[2] or 0
end

--- Why the answer so far is not there any more, after edits by others.
---@param place chatvim.Place
---@return string?
function M.lost(place)
  if vim.fn.changenr() < place.sequence then
    return "it was undone"
  end
  if place.guard and M._is_gone(place.buf, place.guard) then
    return "its beginning was deleted or undone"
  end
end

---@param buf integer
---@param where integer[] row, column, end row, end column
---@return string[]
function M._text(buf, where)
  return api.nvim_buf_get_text(buf, where[1], where[2], where[3], where[4], {})
end

--- An extmark over a part of a line; it becomes invalid when all of that is deleted.
---@param buf integer
---@param row integer
---@param column integer
---@param end_column integer
---@return integer
function M._over(buf, row, column, end_column)
  return set_mark(buf, namespace, row, column, {
    end_row = row,
    end_col = end_column,
    invalidate = true,
    right_gravity = true,
    end_right_gravity = false,
  })
end

--- An extmark over the text before a position: what the answer goes on with, or its delimiter.
---@param buf integer
---@param row integer
---@param column integer
---@return integer?
function M._anchor(buf, row, column)
  local first = math.max(row - LOOK, 0)
  local lines = api.nvim_buf_get_lines(buf, first, row + 1, true)
  lines[#lines] = lines[#lines]:sub(1, column)
  for index = #lines, 1, -1 do
    if lines[index]:find("%S") then
      return M._over(buf, first + index - 1, 0, #lines[index])
    end
  end
end

---@param buf integer
---@param mark integer
---@return boolean
function M._is_gone(buf, mark)
  local at = get_mark(buf, namespace, mark, { details = true })
  local range = at[3]
  -- Neovim 0.10 does not call a range invalid that an undo emptied; a redo leaves its start behind
  -- its end.
  return not range
    or range.invalid
    or at[1] > range.end_row
    or (at[1] == range.end_row and at[2] >= range.end_col)
end

---@param buf integer
---@param mark? integer
function M._delete(buf, mark)
  if mark then
    api.nvim_buf_del_extmark(buf, namespace, mark)
  end
end

return M
