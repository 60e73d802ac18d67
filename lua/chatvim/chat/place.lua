-- SPDX-License-Identifier: Apache-2.0
-- Where an answer goes: marks that move with the text around it, and checks that this text still
-- exists. Does not edit anything.
local M = {}

local api = vim.api
local lost_place = require("chatvim.chat.lost_place")
local ranges = require("chatvim.chat.range")
local get_mark = api.nvim_buf_get_extmark_by_id
local set_mark = api.nvim_buf_set_extmark
local get_tick = api.nvim_buf_get_changedtick

local namespace = api.nvim_create_namespace("chatvim.place")
--- How much of the text before a place is kept to find it again, in bytes.
local KEPT = lost_place.KEPT
--- How many lines above a place are searched for text.
local LOOK = 100
--- How many bytes before a place must be unchanged, ignoring white space.
local TAIL = 64
--- How much of a line is read to compare them, in bytes.
local TAIL_LOOK = 4096

--- The place in a buffer where an answer grows, and the data to detect edits by others. Owned by
--- one answer.
---@class chatvim.Place
---@field buf integer
---@field mark integer extmark at the end of the answer; text typed there stays after it
---@field guard? integer extmark over the answer's first line; deleted with it
---@field tick? integer b:changedtick for which the place is valid: as sent, or after our last
---  update; nil after a reload
---@field sequence? integer number of the undo block of our last update
---@field first_sequence? integer number of the undo block of our first update
---@field follow boolean
---@field range? chatvim.Range the text that the first update replaces
---@field bare? boolean no user delimiter is written below the answer, as one is there already
---@field known string[] the text before the place, or the end of it, in pieces
---@field size integer bytes of `known`
---@field own? integer bytes of `known` before the answer's own text; nil until it has any
---@field tail string the end of `known`, without white space
---@field reloaded? boolean the buffer was reloaded since our last update
---@field scattered? boolean the answer is lost, but some of its lines still exist
---@field seen? integer b:changedtick when the mark was last checked
---@field astray? boolean the mark was in the wrong position at `seen`

--- How an answer lost its place: the user undid all of it, or its text is gone in part or whole.
---@alias chatvim.Loss "undone"|"gone"

--- Creates a place at the end of the buffer's text.
---@param buf integer
---@param follow boolean
---@return chatvim.Place
function M.open(buf, follow)
  local mark = set_mark(buf, namespace, 0, 0, { right_gravity = false })
  local place = { buf = buf, mark = mark, follow = follow, known = {}, size = 0, tail = "" }
  M.reset(place)
  return place
end

--- Moves a place to the end of the buffer's text, which is about to be sent.
---@param place chatvim.Place
function M.reset(place)
  M.release(place)
  local last = api.nvim_buf_line_count(place.buf) - 1
  local line = api.nvim_buf_get_lines(place.buf, last, last + 1, true)[1]
  M.advance(place, last, #line)
end

--- Records the text before a place.
---@param place chatvim.Place
---@param text string its end is enough
function M.learn(place, text)
  text = text:sub(-KEPT)
  place.known, place.size = { text }, #text
  place.tail = text:sub(-TAIL_LOOK):gsub("%s", ""):sub(-TAIL)
  place.tick = get_tick(place.buf)
end

--- Moves a place to a range that the answer's first text will replace.
---@param place chatvim.Place
---@param fields table the program's `place`
function M.move(place, fields)
  local buf = place.buf
  local row, column, end_row, end_column =
    fields.row, fields.column, fields.end_row, fields.end_column
  set_mark(buf, namespace, row, column, { id = place.mark, right_gravity = false })
  place.bare = fields.delimiter_below == true
  M.learn(place, lost_place.read_before(buf, row, column))
  place.range = ranges.new(buf, row, column, end_row, end_column)
end

--- Whether the text before the mark is unchanged, ignoring white space.
---@param place chatvim.Place
---@return boolean
local function is_there(place)
  local row, column = M.position(place)
  if not row or place.reloaded then
    return false
  end
  local buf = place.buf
  local text, least = "", math.max(row - LOOK, 0)
  -- The mark may be below the last line.
  if row >= api.nvim_buf_line_count(buf) then
    row, column = row - 1, nil
  end
  while row >= least and #text < #place.tail do
    local line = api.nvim_buf_get_lines(buf, row, row + 1, false)[1] or ""
    text = line:sub(1, column or #line):sub(-TAIL_LOOK):gsub("%s", "") .. text
    row, column = row - 1, nil
  end
  return #text >= #place.tail and text:sub(-#place.tail) == place.tail or place.tail == ""
end

---@param place chatvim.Place
local function delete_guard(place)
  if place.guard then
    api.nvim_buf_del_extmark(place.buf, namespace, place.guard)
    place.guard = nil
  end
end

--- Checks the place after edits by others, and searches for it if the marks have lost it.
---@param place chatvim.Place
---@return string? lost why the place was not found
---@return chatvim.Loss? kind
---@return integer? pad line breaks to insert first
function M.settle(place)
  local change = vim.fn.changenr()
  if place.first_sequence and change < place.first_sequence then
    return "it was undone", "undone"
  elseif place.sequence and change < place.sequence then
    return "a part of it was undone", "gone"
  end
  local _, changed = M.claim(place)
  if not changed and is_there(place) then
    return
  end
  if place.range and place.range.mark then
    place.range.moved = place.reloaded or ranges.is_gone(place.buf, place.range.mark)
  end
  local found = lost_place.find(place, { M.position(place) })
  if not found then
    local _, reason = M.claim(place)
    reason = reason
      or place.own and "its text is no longer there"
      or "the text before its place was deleted"
    return reason, "gone"
  end
  M.advance(place, found.row, found.column)
  delete_guard(place)
  place.reloaded = nil
  if place.range then
    M.release(place)
    place.range = ranges.new(place.buf, found.row, found.column, found.end_row, found.end_column)
  end
  return nil, nil, found.pad
end

--- Handles a reload of the buffer, after which no mark can be trusted.
---@param place chatvim.Place
function M.reload(place)
  place.tick, place.sequence, place.first_sequence, place.reloaded = nil, nil, nil, true
end

--- Returns the current range of the text that the first update replaces; nil if there is nothing to
--- remove.
---@param place chatvim.Place
---@return integer[]? where row, column, end row, end column; from 0, the end exclusive
---@return string? lost why the answer cannot be inserted
function M.claim(place)
  if place.range then
    return ranges.claim(place.buf, place.range)
  end
end

--- Drops the range, either because it has been replaced or because it stays.
---@param place chatvim.Place
function M.release(place)
  local range = place.range
  place.range = nil
  if range then
    ranges.close(place.buf, range)
  end
end

--- Deletes the marks of a place.
---@param place chatvim.Place
function M.close(place)
  if api.nvim_buf_is_loaded(place.buf) then
    api.nvim_buf_del_extmark(place.buf, namespace, place.mark)
    delete_guard(place)
    M.release(place)
  end
end

--- Returns the end of the answer so far, from 0, or nil if the mark is gone.
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

--- Returns the place if a window shows it; otherwise the end of the text that the answer replaces,
--- which may be longer than the window.
---@param place chatvim.Place
---@param row integer
---@param column integer
---@return integer row
---@return integer column
local function nearest(place, row, column)
  local mark = place.range and not place.range.blank and place.range.mark
  local at = mark and get_mark(place.buf, namespace, mark, { details = true })
  local last = at and at[3] and at[3].end_row
  if not last or last >= api.nvim_buf_line_count(place.buf) then
    return row, column
  end
  for _, win in ipairs(vim.fn.win_findbuf(place.buf)) do
    if row + 1 >= vim.fn.line("w0", win) and row + 1 <= vim.fn.line("w$", win) then
      return row, column
    end
  end
  ---@cast at vim.api.keyset.get_extmark_item_by_id
  return last, at[3].end_col
end

--- Returns where progress is shown: at the place, or at the end of the buffer if the mark has lost
--- the place.
---@param place chatvim.Place
---@return integer? row
---@return integer? column
function M.shown(place)
  local row, column = M.position(place)
  if not row then
    return
  end
  local tick = get_tick(place.buf)
  if tick ~= place.tick and tick ~= place.seen then
    place.seen, place.astray = tick, not is_there(place)
  end
  if tick == place.tick or not place.astray then
    return nearest(place, row, column --[[@as integer]])
  end
  row = api.nvim_buf_line_count(place.buf) - 1
  return row, #api.nvim_buf_get_lines(place.buf, row, row + 1, true)[1]
end

--- Moves the place to the end of inserted text.
---@param place chatvim.Place
---@param row integer
---@param column integer
function M.advance(place, row, column)
  set_mark(place.buf, namespace, row, column, { id = place.mark, right_gravity = false })
end

--- Records inserted text, by which the place can be found again.
---@param place chatvim.Place
---@param lines string[]
function M.remember(place, lines)
  local text = table.concat(lines, "\n")
  if not place.own then
    -- If more text follows, the first line is the delimiter.
    local header = text:match("^%s*[^\n]*\n()%s*%S") or 1
    place.own = place.size + header - 1
  end
  table.insert(place.known, text)
  place.size = place.size + #text
  local last = text:sub(-TAIL_LOOK):gsub("%s", "")
  place.tail = ((#text > TAIL_LOOK and "" or place.tail) .. last):sub(-TAIL)
  if place.size > 2 * KEPT then
    local all = table.concat(place.known)
    place.known, place.size = { all:sub(-KEPT) }, KEPT
    place.own = math.max(place.own - (#all - KEPT), 0)
  end
end

--- Sets the guard mark over the first nonblank line of the answer.
---@param place chatvim.Place
---@param row integer where the lines begin
---@param column integer
---@param lines string[]
function M.watch(place, row, column, lines)
  for index, line in ipairs(lines) do
    if line:find("%S") then
      local start = index == 1 and column or 0
      place.guard = ranges.over(place.buf, row + index - 1, start, start + #line)
      return
    end
  end
end

--- Returns the column where the answer begins in a row: after the text that it continues, or 0.
---@param place chatvim.Place
---@param row integer
---@return integer column
function M.start_on(place, row)
  local at = place.guard and get_mark(place.buf, namespace, place.guard, {}) or {}
  return at[1] == row and at[2] or 0
end

return M
