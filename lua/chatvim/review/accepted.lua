-- SPDX-License-Identifier: Apache-2.0
-- Moves accepted changes into the base of a review, and back when the user undoes that.
local M = {}

local edits = require("chatvim.review.edits")
local follow = require("chatvim.review.follow")
local hunks = require("chatvim.review.hunks")
local lists = require("chatvim.review.list")

--- A change that is in the base because it was accepted.
---@class chatvim.Accepted
---@field first integer row in the base
---@field last integer exclusive
---@field lines string[] its lines
---@field old string[] those before
---@field stale? boolean it was compared with another text than the changes

--- Returns a function that converts rows of the base for spliced spans. It must be called with rows
--- in order. None may be inside a span: those of changes are only if these are forgotten next.
---@param spans { first: integer, last: integer, lines: string[] }[] in order
---@return fun(row: integer): integer
local function shifter(spans)
  local index, delta = 1, 0
  return function(row)
    while spans[index] and spans[index].last <= row do
      local span = spans[index]
      delta = delta + #span.lines - (span.last - span.first)
      index = index + 1
    end
    return row + delta
  end
end

--- Moves the rows of everything that refers to the base.
---@param review chatvim.Review
---@param spans { first: integer, last: integer, lines: string[] }[] in order
local function shift(review, spans)
  for _, list in ipairs({ review.changes, review.tail, review.edits, review.accepted }) do
    -- One for the starts and one for the ends, which are both in order.
    local to_first, to_last = shifter(spans), shifter(spans)
    for _, item in ipairs(list) do
      item.first, item.last = to_first(item.first), to_last(item.last)
    end
  end
  review.stream.base = shifter(spans)(review.stream.base)
end

--- Replaces spans of the base.
---@param review chatvim.Review
---@param spans { first: integer, last: integer, lines: string[] }[] in order
local function splice(review, spans)
  shift(review, spans)
  review.base = hunks.apply(review.base, spans, 0, #review.base)
end

--- Inserts an item into a list that is in the order of `first`.
---@param list { first: integer }[]
---@param item { first: integer }
local function insert(list, item)
  local index = #list + 1
  while index > 1 and list[index - 1].first > item.first do
    index = index - 1
  end
  table.insert(list, index, item)
end

--- Puts changes that the text has already into the base.
---@param review chatvim.Review
---@param placed chatvim.Placed[]
---@return integer count how many
function M.absorb(review, placed)
  local spans, absorbed = {}, {}
  for _, item in ipairs(placed) do
    if item.made_by then
      spans[#spans + 1] = item.change
      absorbed[item.change] = true
      for _, edit in ipairs(item.made_by) do
        absorbed[edit] = true
      end
    end
  end
  if #spans == 0 then
    return 0
  end
  local records, delta = {}, 0
  for _, change in ipairs(spans) do
    local first = change.first + delta
    delta = delta + #change.lines - (change.last - change.first)
    records[#records + 1] = {
      first = first,
      last = first + #change.lines,
      lines = change.lines,
      old = hunks.slice(review.base, change.first, change.last),
    }
  end
  local function is_left(item)
    return not absorbed[item]
  end
  review.changes = lists.filter(review.changes, is_left)
  review.edits = lists.filter(review.edits, is_left)
  splice(review, spans)
  for _, record in ipairs(records) do
    insert(review.accepted, record)
  end
  return #spans
end

--- Whether the text around an accepted change is that before it was accepted. Returns the edits
--- that made it so.
---@param review chatvim.Review
---@param record chatvim.Accepted
---@return integer? from nil if not
---@return integer to
local function find_undone(review, record)
  local list, base = review.edits, review.base
  local from, offset = 1, 0
  while list[from] and list[from].last < record.first do
    offset = list[from].now_last - list[from].last
    from = from + 1
  end
  local first, last, to = record.first, record.last, from - 1
  while list[to + 1] and list[to + 1].first <= record.last do
    to = to + 1
    first, last = math.min(first, list[to].first), math.max(last, list[to].last)
  end
  if to < from then
    return nil, 0
  end
  local span = { first = record.first, last = record.last, lines = record.old }
  local before = hunks.apply(base, { span }, first, last)
  local below = list[to].now_last - list[to].last
  if hunks.equal(before, follow.read(review, first + offset, last + below)) then
    return from, to
  end
  return nil, 0
end

--- Removes records of changes within rows that are to be replaced.
---@param review chatvim.Review
---@param record chatvim.Accepted
local function drop_within(review, record)
  review.accepted = lists.filter(review.accepted, function(other)
    return other.first >= record.last or other.last <= record.first
  end)
end

--- Makes accepted changes that the user has undone changes again. One that is stale is not: it may
--- overlap the changes, and their rows may be within it.
---@param review chatvim.Review
---@return boolean again the changes must be compared again, with the base as it is now
function M.restore(review)
  local again, index = false, 1
  while review.accepted[index] do
    local record = review.accepted[index]
    local from, to = find_undone(review, record)
    if from then
      table.remove(review.accepted, index)
      edits.splice(review.edits, from, to, {})
      if record.stale then
        again, index = true, 1
        drop_within(review, record)
      end
      splice(review, { { first = record.first, last = record.last, lines = record.old } })
      if not record.stale then
        local last = record.first + #record.old
        insert(review.changes, { first = record.first, last = last, lines = record.lines })
      end
    else
      index = index + 1
    end
  end
  return again
end

--- Marks what was accepted until now as compared with another text than later changes.
---@param review chatvim.Review
function M.outdate(review)
  for _, record in ipairs(review.accepted) do
    record.stale = true
  end
end

return M
