-- SPDX-License-Identifier: Apache-2.0
-- Finds the place of an answer again after its marks have lost it, because a formatter, a filter or
-- a reload has replaced the text around it or the line before it.
local M = {}

local api = vim.api
local align = require("chatvim.chat.align")

--- How much of the text before a place is kept to find it again, in bytes.
M.KEPT = require("chatvim.program.process").TAIL
--- How many words at the end of an answer may have been edited.
local EDITED = 8

--- How many bytes at the end of an answer are searched for line by line.
local LAST_LINES = 4096
--- Shorter lines are ignored because they may match by chance, in bytes.
local LONG = 12

--- A place that was found. Rows and columns count from 0, the end is exclusive.
---@class chatvim.Found
---@field row integer
---@field column integer
---@field end_row? integer the end of the text that the answer replaces
---@field end_column? integer
---@field pad integer line breaks before the place that were removed

--- The end of a buffer as one string, and the offsets of its lines.
---@class chatvim.LostPlace.Text
---@field text string
---@field first integer the row of its first line
---@field offsets integer[] where each line begins in `text`, from 0

--- Reads the last lines of a buffer, at least `most` bytes if it has that many.
---@param buf integer
---@param most integer
---@param row? integer the last row to read; default: the buffer's last
---@return chatvim.LostPlace.Text
local function read_tail(buf, most, row)
  local last = row or api.nvim_buf_line_count(buf) - 1
  local first, size, slices = last + 1, 0, {}
  while first > 0 and size < most do
    local start = math.max(first - 100, 0)
    local lines = api.nvim_buf_get_lines(buf, start, first, true)
    for index, line in ipairs(lines) do
      size = size + #line + 1
      -- Neovim's API returns a NUL as a line break.
      lines[index] = line:find("\n", 1, true) and line:gsub("\n", "\0") or line
    end
    table.insert(slices, 1, lines)
    first = start
  end
  local all, offsets, at = {}, {}, 0
  for _, lines in ipairs(slices) do
    for _, line in ipairs(lines) do
      all[#all + 1] = line
      offsets[#all] = at
      at = at + #line + 1
    end
  end
  return { text = table.concat(all, "\n"), first = first, offsets = offsets }
end

--- Whether the words of a text from `first` to `last` are all punctuation.
---@param text string
---@param words chatvim.Words
---@param first integer
---@param last integer
---@return boolean
local function is_punctuation(text, words, first, last)
  for index = first, last do
    if not text:sub(words.starts[index] + 1, words.ends[index]):find("^%p+$") then
      return false
    end
  end
  return true
end

--- Returns the row and column of an offset in a text; without an offset, those of its start.
---@param new chatvim.LostPlace.Text
---@param offset? integer
---@return chatvim.Found
local function position(new, offset)
  offset = offset or 0
  local low, high = 1, #new.offsets
  while low < high do
    local middle = math.ceil((low + high) / 2)
    if new.offsets[middle] <= offset then
      low = middle
    else
      high = middle - 1
    end
  end
  return { row = new.first + low - 1, column = offset - new.offsets[low], pad = 0 }
end

--- Returns the place after the punctuation at the end of an answer if a formatter has replaced the
--- punctuation: `*` for `-`, `2)` for `2.`, `*so*` for `_so_`.
---@param old_text string
---@param old chatvim.Words the words of `old_text`
---@param own integer words before the answer's own
---@param before integer words before the place
---@param alignment chatvim.Alignment
---@param words chatvim.Words
---@param new chatvim.LostPlace.Text
---@return chatvim.Found?
local function after_marks(old_text, old, own, before, alignment, words, new)
  local found = alignment:last_found(before, math.max(0, before - EDITED))
  if not found or found == before then
    return
  end
  -- Most words of a longer answer must still exist, in the same order.
  if before - own > EDITED and alignment:missing(own + 1, before) * 2 > before - own then
    return
  end
  local above, now = alignment:find(found), alignment:replaced_to(before)
  if
    now > above
    and is_punctuation(old_text, old, found + 1, before)
    and is_punctuation(new.text, words, above + 1, now)
  then
    return position(new, words.ends[now])
  end
end

--- Returns where the answer continues, which is after its last word. If that word was edited, the
--- mark is still after it.
---@param mark integer[] where the place's mark is: row and column; empty if it is gone
---@param own integer words before the answer's own
---@param before integer words before the place
---@param alignment chatvim.Alignment
---@param words chatvim.Words
---@param new chatvim.LostPlace.Text
---@return chatvim.Found?
local function in_answer(mark, own, before, alignment, words, new)
  local found = alignment:last_found(before, math.max(own, before - EDITED))
  if not found then
    return
  end
  -- Most words must still exist, in the same order.
  if alignment:missing(own + 1, before) * 2 > before - own then
    return
  end
  if found == before then
    return position(new, words.ends[alignment:find(before)])
  end
  local row, column = mark[1], mark[2]
  local offset = row and new.offsets[row - new.first + 1]
  local least = words.ends[alignment:find(found)]
  local most = words.starts[alignment:replaced_to(before) + 1] or #new.text
  if offset and offset + column >= least and offset + column <= most then
    return { row = row, column = column, pad = 0 }
  end
end

--- Whether a text contains one of the last lines of an answer anywhere.
---@param text string
---@param answer string
---@return boolean
local function has_line_of(text, answer)
  for line in answer:sub(-LAST_LINES):gmatch("[^\n]+") do
    if #line >= LONG and text:find(line, 1, true) then
      return true
    end
  end
  return false
end

--- Whether `text` is `before` after formatting. A formatter that edits line by line keeps the
--- number of lines.
---@param text string
---@param before string
---@param replaced? boolean the text was replaced as a whole
---@return boolean
local function is_formatted(text, before, replaced)
  local letters, letters_before = text:gsub("[%s%p%c]", ""), before:gsub("[%s%p%c]", "")
  local _, lines = text:gsub("[^\n]*%S[^\n]*", "")
  local _, lines_before = before:gsub("[^\n]*%S[^\n]*", "")
  return letters == letters_before and (replaced or lines == lines_before)
end

--- Returns the offset at which the line of `offset` begins.
---@param new chatvim.LostPlace.Text
---@param offset integer
---@return integer
local function start_of_line(new, offset)
  return offset - position(new, offset).column
end

--- Returns where the text to be replaced is now, or nil if the user has changed it.
---@param range chatvim.Range
---@param before integer
---@param last integer the last word of the text to be replaced
---@param alignment chatvim.Alignment
---@param words chatvim.Words
---@param new chatvim.LostPlace.Text
---@return chatvim.Found?
local function in_range(range, before, last, alignment, words, new)
  local above, below = alignment:find(before), alignment:find(last)
  if (before > 0 and not above) or not below then
    return
  end
  local start = before > 0 and words.ends[above] or 0
  if last > before then
    local word = alignment:find(before + 1)
    if not word then
      return
    end
    start = words.starts[word]
    local line_start = start_of_line(new, start)
    if range.at_line_start and new.text:sub(line_start + 1, start):find("%S") then
      return
    end
    start = range.at_line_start and line_start or start
  end
  local finish = math.max(words.ends[below] or 0, start)
  local blank = new.text:match("^%s*()", finish + 1) - 1
  local text = range.text[#range.text]
  if not text:find("%S") and (last > before or blank == #new.text) then
    finish = blank
  end
  -- A formatter changes only punctuation and white space; changed letters are the user's, and stay.
  local now = new.text:sub(start + 1, finish)
  local rest_of_line = last > before and new.text:match("^[^\n]*", words.ends[below] + 1) or ""
  if
    rest_of_line:find("%S") or not is_formatted(now, table.concat(range.text, "\n"), range.moved)
  then
    return
  end
  local found, ending = position(new, start), position(new, finish)
  found.end_row, found.end_column = ending.row, ending.column
  return found
end

---@param new chatvim.LostPlace.Text
---@param row integer
---@return string? line
local function line_at(new, row)
  local offset = new.offsets[row - new.first + 1]
  return offset and new.text:match("^[^\n]*", offset + 1)
end

---@param new chatvim.LostPlace.Text
---@param row integer
---@return boolean
local function is_blank(new, row)
  local line = line_at(new, row)
  return line ~= nil and not line:find("%S")
end

--- Returns the place below the question: the end of its last line plus as many blank lines as there
--- were.
---@param place chatvim.Place
---@param mark integer[]
---@param old_text string
---@param before integer
---@param alignment chatvim.Alignment
---@param words chatvim.Words
---@param new chatvim.LostPlace.Text
---@return chatvim.Found?
local function below_question(place, mark, old_text, before, alignment, words, new)
  local found = alignment:last_found(before, place.reloaded and math.max(before - EDITED, 0) or 0)
  if words.count == 0 or (place.reloaded and not found) then
    return
  end
  local row = position(new, words.ends[alignment:find(before) or words.count]).row
  if found and found < before then
    row = position(new, words.ends[alignment:replaced_to(before)]).row
    local least = position(new, words.ends[alignment:find(found)]).row
    local marked = mark[1]
    if marked and marked > 0 and marked >= least and marked <= row then
      row = marked
    end
  end
  local _, breaks = old_text:match("%s*$"):gsub("\n", "")
  local last = row
  while last - row < breaks and is_blank(new, last + 1) do
    last = last + 1
  end
  local column = #line_at(new, last)
  return { row = last, column = column, pad = breaks - (last - row) }
end

--- Counts the words that end at or before an offset.
---@param words chatvim.Words
---@param offset integer
---@return integer count
local function count_until(words, offset)
  local count = words.count
  while count > 0 and words.ends[count] > offset do
    count = count - 1
  end
  return count
end

--- Searches a buffer for the place of its answer.
---@param place chatvim.Place
---@param mark integer[] where its mark is: row and column; empty if it is gone
---@return chatvim.Found?
function M.find(place, mark)
  local old_text = table.concat(place.known)
  local range = place.range
  local old = align.words(old_text .. (range and table.concat(range.text, "\n") or ""))
  local before = count_until(old, #old_text)
  local new = read_tail(place.buf, 2 * M.KEPT)
  local words = align.words(new.text)
  local alignment = align.align(old, words)
  if place.own then
    place.scattered = has_line_of(new.text, old_text:sub(place.own + 1))
    local own = count_until(old, place.own)
    return after_marks(old_text, old, own, before, alignment, words, new)
      or in_answer(mark, own, before, alignment, words, new)
  elseif range then
    return in_range(range, before, old.count, alignment, words, new)
  end
  return below_question(place, mark, old_text, before, alignment, words, new)
end

--- Returns the text of a buffer before a position, at most `KEPT` bytes.
---@param buf integer
---@param row integer
---@param column integer
---@return string
function M.read_before(buf, row, column)
  local read = read_tail(buf, M.KEPT, row)
  return read.text:sub(1, (read.offsets[#read.offsets] or 0) + column):sub(-M.KEPT)
end

return M
