-- SPDX-License-Identifier: Apache-2.0
-- Finds the changes of a proposal while it arrives. What precedes a run of equal lines is settled
-- and not compared again, so the cost of an update does not grow with the text. Pure.
local M = {}

local hunks = require("chatvim.review.hunks")

--- How many equal lines in a row settle what precedes them, by the number of lines that are not
--- settled: in a text with many changes, long runs are rare. More than `RUNS[1]` lines are compared
--- only until then.
---@type { above: integer, run: integer }[]
local RUNS = { { above = 80, run = 1 }, { above = 40, run = 3 }, { above = 0, run = 6 } }
--- Equal lines that stay unsettled above those that arrive.
local MARGIN = 3
--- How many more lines of the base than of the proposal are compared: a line must not be matched
--- with an equal one far below, as if all lines between were deleted.
local SLACK = 40
--- With more lines than this that are not settled, they are compared only after they have grown by
--- an eighth.
local MANY = 400
--- With more lines than this, without an equal one in their first half, they are another text: they
--- are compared only at the end.
local MOST = 3000

--- How far a proposal has been compared. The rows are settled up to these.
---@class chatvim.Stream
---@field base integer row in the base
---@field new integer row in the proposal
---@field compared integer lines of the proposal when it was last compared

---@return chatvim.Stream
function M.new()
  return { base = 0, new = 0, compared = 0 }
end

---@param unsettled integer
---@return integer
local function needed_run(unsettled)
  for _, entry in ipairs(RUNS) do
    if unsettled > entry.above then
      return entry.run
    end
  end
  return RUNS[#RUNS].run
end

--- Returns where the last long run of equal lines can be cut, and the number of changes before it.
--- At least one equal line is above the cut, so that changes do not touch. A short run must not be
--- near the end, where lines may still turn out to be others.
---@param found chatvim.Hunk[]
---@param base_count integer
---@param new_count integer
---@return integer? base
---@return integer? new
---@return integer count
local function find_cut(found, base_count, new_count)
  local needed = needed_run(new_count)
  for index = #found, 0, -1 do
    local above, below = found[index], found[index + 1]
    local first, new_first = above and above.last or 0, above and above.b_last or 0
    local run = (below and below.first or base_count) - first
    run = math.min(run, (below and below.b_first or new_count) - new_first)
    local last = math.min(run, new_count - MARGIN - new_first)
    local is_early = new_first + run < new_count / 2
    if last > 0 and (run >= RUNS[#RUNS].run or (run >= needed and is_early)) then
      return first + last, new_first + last, index
    end
  end
  return nil, nil, 0
end

--- Returns where a proposal that has stopped can be cut, like `find_cut`. Its last change is
--- settled only if more than `MARGIN` equal lines follow it.
---@param found chatvim.Hunk[]
---@param new_count integer
---@return integer? base
---@return integer? new
---@return integer count
local function find_last_cut(found, new_count)
  local index = #found
  if index > 0 and found[index].b_first == new_count then
    -- The old lines below those that have arrived are not deleted.
    index = index - 1
  end
  local hunk = found[index]
  if not hunk then
    return nil, nil, 0
  end
  local run = new_count - hunk.b_last - MARGIN
  if run > 0 then
    return hunk.last + run, hunk.b_last + run, index
  elseif index > 1 then
    -- An equal line is above each change but the first.
    return hunk.first, hunk.b_first, index - 1
  end
  return nil, nil, 0
end

--- Returns a change of a hunk in a part of both texts.
---@param hunk chatvim.Hunk
---@param stream chatvim.Stream where the part begins
---@param lines string[]
---@return chatvim.Change
local function make_change(hunk, stream, lines)
  return {
    first = stream.base + hunk.first,
    last = stream.base + hunk.last,
    lines = hunks.slice(lines, stream.new + hunk.b_first, stream.new + hunk.b_last),
  }
end

--- Returns the change of a hunk that is not settled, or nil. Old lines beyond the number of new
--- ones may still arrive, and are not drawn as deleted.
---@param hunk chatvim.Hunk
---@param stream chatvim.Stream
---@param lines string[]
---@return chatvim.Change?
local function make_tail(hunk, stream, lines)
  local change = make_change(hunk, stream, lines)
  change.tail = true
  change.growing = stream.new + hunk.b_last == #lines or nil
  local known = change.growing and 0 or #change.lines
  change.last = math.min(change.last, change.first + known)
  return #change.lines > 0 and change or nil
end

--- Compares what has arrived since the last settled line.
---@param stream chatvim.Stream changed
---@param base string[]
---@param lines string[] the proposal so far; its last line may become longer
---@param complete boolean the proposal is whole
---@param stopped? boolean nothing more arrives for now, though it is not whole
---@return chatvim.Change[]? settled nil: nothing was compared
---@return chatvim.Change[] tail
function M.update(stream, base, lines, complete, stopped)
  local unsettled = #lines - stream.new
  local grown = #lines - stream.compared
  if not complete and not stopped and unsettled > MANY and grown < unsettled / 8 then
    return nil, {}
  end
  stream.compared = #lines
  local last = complete and #base or math.min(#base, stream.base + unsettled + SLACK)
  local old = hunks.slice(base, stream.base, last)
  local found = { { first = 0, last = #old, b_first = 0, b_last = unsettled } }
  if complete or unsettled <= MOST then
    found = hunks.diff(old, hunks.slice(lines, stream.new, #lines))
  end
  local settled, tail = {}, {}
  local cut, new_cut, count = find_cut(found, #old, unsettled)
  if stopped then
    cut, new_cut, count = find_last_cut(found, unsettled)
  end
  for index, hunk in ipairs(found) do
    if complete or index <= count then
      settled[#settled + 1] = make_change(hunk, stream, lines)
    else
      tail[#tail + 1] = make_tail(hunk, stream, lines)
    end
  end
  if complete then
    stream.base, stream.new = #base, #lines
  elseif cut then
    stream.base, stream.new = stream.base + cut, stream.new + new_cut
  end
  return settled, tail
end

return M
