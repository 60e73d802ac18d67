-- SPDX-License-Identifier: Apache-2.0
-- A sorted list of rows that is kept up to date with the edits of a buffer.
local M = {}

--- Rows of a buffer, from 0 and in order, each with a value. Owned by one outline. An edit moves
--- all rows after it, so those after index `split` are stored without `offset`; successive edits
--- near each other then need not touch the many rows that follow.
---@class chatvim.Rows
---@field count integer
---@field stored integer[]
---@field values any[]
---@field split integer
---@field offset integer
local Rows = {}
Rows.__index = Rows

--- An empty list.
---@return chatvim.Rows
function M.new()
  return setmetatable({ count = 0, stored = {}, values = {}, split = 0, offset = 0 }, Rows)
end

--- Returns the row at an index of the list, or nil.
---@param index integer
---@return integer?
function Rows:row(index)
  local row = self.stored[index]
  if row and index > self.split then
    return row + self.offset
  end
  return row
end

--- Returns the index of the first row that is not before `row`, or `count + 1` if there is none.
---@param row integer
---@return integer index
function Rows:find(row)
  local low, high = 1, self.count + 1
  while low < high do
    local middle = math.floor((low + high) / 2)
    if self:row(middle) < row then
      low = middle + 1
    else
      high = middle
    end
  end
  return low
end

--- Appends a row, which must be after all others.
---@param row integer
---@param value any
function Rows:push(row, value)
  self:_move_split(self.count)
  self.count = self.count + 1
  self.split = self.count
  self.stored[self.count] = row
  self.values[self.count] = value
end

--- Updates the list after an edit that replaced the rows from `first` up to `last` with those up to
--- `new_last`, which contain `rows` with `values`.
---@param first integer
---@param last integer exclusive
---@param new_last integer exclusive
---@param rows integer[]
---@param values any[]
---@return boolean changed rows of the list were added or removed; false if they only moved
function Rows:splice(first, last, new_last, rows, values)
  local low, high = self:find(first), self:find(last)
  local removed, added = high - low, #rows
  if removed == 0 and added == 0 and (new_last == last or low > self.count) then
    return false
  end
  -- Removed rows are after the split; added rows go before it.
  self:_move_split(low - 1)
  if removed ~= added then
    self:_make_room(high, added - removed)
  end
  for index = 1, added do
    self.stored[low + index - 1] = rows[index]
    self.values[low + index - 1] = values[index]
  end
  self.split = low - 1 + added
  self.offset = self.offset + new_last - last
  return removed > 0 or added > 0
end

--- Moves the entries from `index` on by `places`, which may be negative.
---@param index integer
---@param places integer
function Rows:_make_room(index, places)
  local from, to, step = self.count, index, -1
  if places < 0 then
    from, to, step = index, self.count, 1
  end
  for place = from, to, step do
    self.stored[place + places] = self.stored[place]
    self.values[place + places] = self.values[place]
  end
  for place = self.count, self.count + places + 1, -1 do
    self.stored[place] = nil
    self.values[place] = nil
  end
  self.count = self.count + places
end

--- Applies the offset to the rows up to another place, or removes it from those after it.
---@private
---@param split integer
function Rows:_move_split(split)
  for index = self.split + 1, split do
    self.stored[index] = self.stored[index] + self.offset
  end
  for index = split + 1, self.split do
    self.stored[index] = self.stored[index] - self.offset
  end
  self.split = split
  if split == self.count then
    self.offset = 0
  end
end

return M
