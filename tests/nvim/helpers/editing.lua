-- SPDX-License-Identifier: Apache-2.0
-- A model of a chat that is edited while it is answered: the text in four segments. The test
-- applies each of the user's edits to the model too, and appends what arrives to the answer.
local M = {}

---@class tests.Model
---@field above string the text above the answer
---@field delimiter string the assistant delimiter with the white space around it; never edited
---@field answer string
---@field below string what the user wrote below the answer
local Model = {}
Model.__index = Model

---@param above string
---@param delimiter string
---@return tests.Model
function M.new(above, delimiter)
  return setmetatable({ above = above, delimiter = delimiter, answer = "", below = "" }, Model)
end

---@return string
function Model:text()
  return self.above .. self.delimiter .. self.answer .. self.below
end

--- Returns the row and column of a byte of the text, both from 0.
---@param offset integer bytes before it
---@return integer row
---@return integer column
function Model:position(offset)
  local before = self:text():sub(1, offset)
  local _, row = before:gsub("\n", "")
  return row, #before:match("[^\n]*$")
end

--- Returns the byte offset of a segment.
---@param segment "above"|"answer"|"below"
---@return integer
function Model:start(segment)
  local start = 0
  for _, name in ipairs({ "above", "delimiter", "answer", "below" }) do
    if name == segment then
      return start
    end
    start = start + #self[name]
  end
  error("no segment " .. segment)
end

--- Replaces `length` bytes of a segment with `text`.
---@param segment "above"|"answer"|"below"
---@param at integer byte offset in the segment
---@param length integer
---@param text string
function Model:replace(segment, at, length, text)
  local old = self[segment]
  self[segment] = old:sub(1, at) .. text .. old:sub(at + length + 1)
end

--- Returns a random number generator that gives the same numbers for a seed on every machine (Park
--- and Miller's minimal standard generator).
---@param seed integer
---@return fun(low: integer, high: integer): integer
function M.random(seed)
  local state = seed % 2147483646 + 1
  return function(low, high)
    state = (state * 16807) % 2147483647
    return low + state % (high - low + 1)
  end
end

return M
