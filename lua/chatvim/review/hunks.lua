-- SPDX-License-Identifier: Apache-2.0
-- Compares the three texts of a review: `base`, which the proposal was made from, `new`, the
-- proposal, and `now`, the text in the buffer. Pure: lists of lines in, rows from 0 out.
local M = {}

local lists = require("chatvim.review.list")

local raw_diff = vim.text and vim.text.diff or vim.diff

--- A stretch where two texts differ: the rows of `a` become those of `b`. The ends are exclusive.
---@class chatvim.Hunk
---@field first integer
---@field last integer
---@field b_first integer
---@field b_last integer

--- A change that the proposal makes to the base.
---@class chatvim.Change
---@field first integer row in `base`
---@field last integer exclusive; equal to `first` for an insertion
---@field lines string[] what replaces the rows
---@field tail? boolean not settled: the proposal still arrives
---@field growing? boolean the last lines that have arrived; what they replace is not known yet

--- An edit of the user: the rows of `base` have become those of `now`.
---@class chatvim.Edit
---@field first integer row in `base`
---@field last integer exclusive
---@field now_first integer row in `now`
---@field now_last integer exclusive

--- What a change means for the text in the buffer.
---@class chatvim.Placed
---@field change chatvim.Change
---@field first integer row in `now`; for a conflict, including the user's edits
---@field last integer exclusive
---@field conflict? boolean it touches an edit of the user
---@field settled? boolean the user has made the same change
---@field made_by? chatvim.Edit[] the edits that have made it, if all that they make has arrived

--- With more lines than this, histogram takes too long: for 10,000 lines with 2,500 changes 900 ms,
--- and Myers' algorithm 3 ms.
local MOST_HISTOGRAM = 400

---@param lines string[]
---@return string
local function join(lines)
  local text = table.concat(lines, "\n")
  -- Neovim's API returns a NUL as a line break within a line.
  if select(2, text:gsub("\n", "")) >= math.max(#lines, 1) then
    local escaped = {}
    for index, line in ipairs(lines) do
      escaped[index] = line:gsub("\n", "\0")
    end
    text = table.concat(escaped, "\n")
  end
  return #lines > 0 and text .. "\n" or ""
end

--- Whether there is no text: no line, or the one empty line of an empty buffer.
---@param lines string[]
---@return boolean
local function is_empty(lines)
  return #lines == 0 or (#lines == 1 and lines[1] == "")
end

--- Compares two lists of lines. The line of an empty buffer is equal to no blank line of a text.
---@param a string[]
---@param b string[]
---@return chatvim.Hunk[] in order; between two of them is at least one equal line
function M.diff(a, b)
  local hunks = {}
  if is_empty(a) or is_empty(b) then
    if not M.equal(a, b) then
      hunks[1] = { first = 0, last = #a, b_first = 0, b_last = #b }
    end
    return hunks
  end
  local algorithm = #a + #b <= 2 * MOST_HISTOGRAM and "histogram" or "myers"
  local indices = raw_diff(join(a), join(b), { result_type = "indices", algorithm = algorithm })
  for index, found in
    ipairs(indices --[[@as integer[][] ]])
  do
    -- For an empty side, the number is that of the line before.
    local first = found[2] > 0 and found[1] - 1 or found[1]
    local b_first = found[4] > 0 and found[3] - 1 or found[3]
    hunks[index] =
      { first = first, last = first + found[2], b_first = b_first, b_last = b_first + found[4] }
  end
  return hunks
end

--- Returns the lines from row `first` to `last`, exclusive.
---@param lines string[]
---@param first integer
---@param last integer
---@return string[]
function M.slice(lines, first, last)
  return vim.list_slice(lines, first + 1, last)
end

---@param a string[]
---@param b string[]
---@return boolean
function M.equal(a, b)
  if #a ~= #b then
    return false
  end
  for index = 1, #a do
    if a[index] ~= b[index] then
      return false
    end
  end
  return true
end

--- Returns the changes that make `new` of `base`.
---@param base string[]
---@param new string[]
---@return chatvim.Change[]
function M.changes(base, new)
  return lists.map(M.diff(base, new), function(hunk)
    return {
      first = hunk.first,
      last = hunk.last,
      lines = M.slice(new, hunk.b_first, hunk.b_last),
    }
  end)
end

--- Returns the edits that made `now` of `base`.
---@param base string[]
---@param now string[]
---@return chatvim.Edit[]
function M.edits(base, now)
  return lists.map(M.diff(base, now), function(hunk)
    return {
      first = hunk.first,
      last = hunk.last,
      now_first = hunk.b_first,
      now_last = hunk.b_last,
    }
  end)
end

--- Returns the base from row `first` to `last` with the changes within.
---@param base string[]
---@param changes chatvim.Change[] in order, within these rows
---@param first integer
---@param last integer
---@return string[]
function M.apply(base, changes, first, last)
  local lines, row = {}, first
  for _, change in ipairs(changes) do
    vim.list_extend(lines, base, row + 1, change.first)
    vim.list_extend(lines, change.lines)
    row = change.last
  end
  return vim.list_extend(lines, base, row + 1, last)
end

--- Changes and edits that touch each other, directly or through others.
---@class chatvim.Group
---@field first integer rows in `base`
---@field last integer
---@field changes chatvim.Change[]
---@field edits chatvim.Edit[]
---@field offset integer rows of `now` minus rows of `base`, above the group

--- Divides changes and edits into groups, in order. Lines directly next to each other touch.
---@param changes chatvim.Change[]
---@param edits chatvim.Edit[]
---@return chatvim.Group[]
local function group(changes, edits)
  local groups, current, offset = {}, nil, 0
  local next_change, next_edit = 1, 1
  while changes[next_change] or edits[next_edit] do
    local change, edit = changes[next_change], edits[next_edit]
    local takes_edit = edit and not (change and change.first < edit.first)
    local item = takes_edit and edit or change
    -- Changes do not touch each other.
    local touches = current and item.first <= current.last and (takes_edit or #current.edits > 0)
    if not touches then
      current = { first = item.first, last = item.last, changes = {}, edits = {}, offset = offset }
      groups[#groups + 1] = current
    end
    ---@cast current chatvim.Group
    current.last = math.max(current.last, item.last)
    if takes_edit then
      table.insert(current.edits, edit)
      offset = edit.now_last - edit.last
      next_edit = next_edit + 1
    else
      table.insert(current.changes, change)
      next_change = next_change + 1
    end
  end
  return groups
end

--- Returns the rows in `now` of a change and of the edits that it touches.
---@param change chatvim.Change
---@param edits chatvim.Edit[]
---@param offset integer above them
---@return chatvim.Placed
local function place(change, edits, offset)
  local first, last, before, after = change.first, change.last, offset, offset
  local conflict
  for _, edit in ipairs(edits) do
    if edit.last < change.first then
      before = edit.now_last - edit.last
      after = before
    elseif edit.first <= change.last then
      conflict = true
      first, last = math.min(first, edit.first), math.max(last, edit.last)
      after = edit.now_last - edit.last
    end
  end
  return { change = change, first = first + before, last = last + after, conflict = conflict }
end

--- Whether the edits of a group make the same text as its changes.
---@param base string[]
---@param found chatvim.Group
---@param read fun(first: integer, last: integer): string[] returns rows of `now`
---@return boolean
local function is_settled(base, found, read)
  local last_edit = found.edits[#found.edits]
  if not last_edit or #found.changes == 0 then
    return false
  end
  local last = found.last + last_edit.now_last - last_edit.last
  local new = M.apply(base, found.changes, found.first, found.last)
  return M.equal(new, read(found.first + found.offset, last))
end

---@param found chatvim.Group
---@return boolean
local function has_tail(found)
  for _, change in ipairs(found.changes) do
    if change.tail then
      return true
    end
  end
  return false
end

--- Places changes in the text of the buffer.
---@param base string[]
---@param changes chatvim.Change[] in order, not touching each other
---@param edits chatvim.Edit[] in order
---@param read fun(first: integer, last: integer): string[] returns rows of `now`
---@return chatvim.Placed[] one for each change, in order
function M.place(base, changes, edits, read)
  local placed = {}
  for _, found in ipairs(group(changes, edits)) do
    local settled = is_settled(base, found, read)
    -- While more arrives, the same edits may turn out to be others: the base must not have them.
    local made_by = settled and not has_tail(found) and found.edits or nil
    for _, change in ipairs(found.changes) do
      local item = place(change, found.edits, found.offset)
      item.settled, item.made_by = settled or nil, made_by
      item.conflict = not settled and item.conflict or nil
      placed[#placed + 1] = item
    end
  end
  return placed
end

--- Compares three texts.
---@param base string[]
---@param new string[]
---@param now string[]
---@return chatvim.Placed[]
function M.compute(base, new, now)
  return M.place(base, M.changes(base, new), M.edits(base, now), function(first, last)
    return M.slice(now, first, last)
  end)
end

return M
