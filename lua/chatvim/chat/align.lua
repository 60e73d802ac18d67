-- SPDX-License-Identifier: Apache-2.0
-- Aligns the words of an old text with those of a new one. White space is ignored, so that a text
-- is found again after a formatter has changed it.
local M = {}

---@diagnostic disable-next-line: deprecated -- Neovim 0.11 and older have only `vim.diff`.
local diff = vim.text and vim.text.diff or vim.diff

--- A text as words: runs of letters and digits, runs of other characters beyond ASCII, and single
--- punctuation marks.
---@class chatvim.Words
---@field count integer
---@field text string one word per line
---@field starts integer[] the byte, from 0, at which each word begins
---@field ends integer[] the byte after each word

--- Returns the kind of word that a byte belongs to: 1 beyond ASCII, 2 letters and digits.
---@param byte integer
---@return integer kind 0 for white space and controls, 3 for punctuation
local function kind_of(byte)
  if byte <= 32 or byte == 127 then
    return 0
  elseif byte >= 128 then
    return 1
  elseif byte >= 48 and byte <= 57 or byte >= 65 and byte <= 90 or byte >= 97 and byte <= 122 then
    return 2
  end
  return 3
end

--- Splits a text into words: letters and digits, or a single other character.
---@param text string
---@return chatvim.Words
function M.words(text)
  local starts, ends, parts, count = {}, {}, {}, 0
  local kind = 0
  for index = 1, #text do
    local new = kind_of(text:byte(index))
    if new ~= kind or new == 3 then
      if kind ~= 0 then
        ends[count] = index - 1
        parts[count] = text:sub(starts[count] + 1, index - 1)
      end
      if new ~= 0 then
        count = count + 1
        starts[count] = index - 1
      end
      kind = new
    end
  end
  if kind ~= 0 then
    ends[count], parts[count] = #text, text:sub(starts[count] + 1)
  end
  parts[count + 1] = ""
  return { count = count, text = table.concat(parts, "\n"), starts = starts, ends = ends }
end

--- How the words of an old text correspond to those of a new one. Words are counted from 1.
---@class chatvim.Alignment
---@field hunks integer[][] differences: first old word, count, first new word, count
local Alignment = {}
Alignment.__index = Alignment

--- Compares the words of two texts.
---@param old chatvim.Words
---@param new chatvim.Words
---@return chatvim.Alignment
function M.align(old, new)
  local hunks = diff(old.text, new.text, { result_type = "indices", algorithm = "histogram" })
  return setmetatable({ hunks = hunks }, Alignment)
end

--- Returns the new index of an old word, or nil if it was changed or removed. Words inserted right
--- after it stay after it.
---@param index integer
---@return integer? now
function Alignment:find(index)
  local shift = 0
  for _, hunk in ipairs(self.hunks) do
    local first, count = hunk[1], hunk[2]
    if first > index or (count == 0 and first == index) then
      break
    elseif count > 0 and index < first + count then
      return
    end
    shift = shift + hunk[4] - count
  end
  return index + shift
end

--- Returns the last new word of the replacement of a word that was changed or removed, or the word
--- before it if it has no replacement.
---@param index integer
---@return integer now
function Alignment:replaced_to(index)
  for _, hunk in ipairs(self.hunks) do
    local first, count, now, length = hunk[1], hunk[2], hunk[3], hunk[4]
    if count > 0 and index >= first and index < first + count then
      return length > 0 and now + length - 1 or now
    end
  end
  return self:find(index) or 0
end

--- Returns the last old word after `above` and up to `index` that still exists, or nil.
---@param index integer
---@param above integer
---@return integer? old
function Alignment:last_found(index, above)
  while index > above do
    if self:find(index) then
      return index
    end
    for _, hunk in ipairs(self.hunks) do
      if hunk[2] > 0 and index >= hunk[1] and index < hunk[1] + hunk[2] then
        index = hunk[1]
        break
      end
    end
    index = index - 1
  end
end

--- Returns how many old words from `first` to `last` no longer exist.
---@param first integer
---@param last integer
---@return integer
function Alignment:missing(first, last)
  local missing = 0
  for _, hunk in ipairs(self.hunks) do
    local from = math.max(hunk[1], first)
    local to = math.min(hunk[1] + hunk[2] - 1, last)
    missing = missing + math.max(to - from + 1, 0)
  end
  return missing
end

return M
