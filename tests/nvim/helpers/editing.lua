-- SPDX-License-Identifier: Apache-2.0
-- A model of a chat that is answered while somebody edits it: the text in four segments. What the
-- person does to a segment is done to the model; what arrives goes to the end of the answer.
local M = {}

---@class tests.Model
---@field above string what was there before the answer
---@field delimiter string the assistant delimiter with what belongs to it; never edited
---@field answer string
---@field below string what the person wrote behind the answer
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

--- The row and the column of a byte of the text, from 0.
---@param offset integer bytes before it
---@return integer row
---@return integer column
function Model:position(offset)
  local before = self:text():sub(1, offset)
  local _, row = before:gsub("\n", "")
  return row, #before:match("[^\n]*$")
end

--- Where a segment begins: the number of bytes before it.
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

--- Puts `text` in place of `length` bytes of a segment.
---@param segment "above"|"answer"|"below"
---@param at integer bytes of the segment before it
---@param length integer
---@param text string
function Model:replace(segment, at, length, text)
  local old = self[segment]
  self[segment] = old:sub(1, at) .. text .. old:sub(at + length + 1)
end

--- Numbers that are the same for the same seed on every machine (Park and Miller's minimal
--- standard generator).
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
