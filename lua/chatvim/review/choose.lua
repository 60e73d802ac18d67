-- SPDX-License-Identifier: Apache-2.0
-- Chooses changes of a review by rows, and accepts or refuses them.
local M = {}

local api = vim.api
local buffer = require("chatvim.chat.buffer")
local follow = require("chatvim.review.follow")
local hunks = require("chatvim.review.hunks")
local lists = require("chatvim.review.list")

--- Places the changes of a review in the text as it is now.
---@param review chatvim.Review
---@param from? integer index of the first settled change; default: all
---@return chatvim.Placed[] rows are those of the range
function M.place(review, from)
  local changes = vim.list_extend(vim.list_slice(review.changes, from or 1), review.tail)
  return hunks.place(review.base, changes, review.edits, function(first, last)
    return follow.read(review, first, last)
  end)
end

--- Whether a change covers a row of the range, or is next to it if it covers no row.
---@param item chatvim.Placed
---@param row integer
---@return boolean
function M.covers(item, row)
  if item.first == item.last then
    return row == item.first or row == item.first - 1
  end
  return row >= item.first and row < item.last
end

--- Returns the change at a row: one that covers it, otherwise an insertion next to it.
---@param review chatvim.Review
---@param row integer of the range
---@return chatvim.Placed?
function M.at(review, row)
  local near
  for _, item in ipairs(review.placed) do
    if M.covers(item, row) then
      if item.first < item.last then
        return item
      end
      near = near or item
    end
  end
  return near
end

--- Returns the change that shows the keys for a cursor at a row: that at the row, otherwise the
--- next one below, otherwise the last one.
---@param review chatvim.Review
---@param row integer of the range
---@return chatvim.Placed?
function M.nearest(review, row)
  local item = M.at(review, row)
  for _, other in ipairs(item and {} or review.placed) do
    item = other
    if other.first >= row then
      break
    end
  end
  return item
end

--- Whether the current window shows the line with the keys of a change, which is drawn below the
--- change's last row.
---@param review chatvim.Review
---@param item chatvim.Placed
---@return boolean
function M.shows_keys(review, item)
  local row = review.start + item.last
  if row == 0 then
    -- The keys are in the first of the lines that are drawn above.
    local drawn = review.drawn[item.change]
    return drawn ~= nil and vim.fn.line("w0") == 1 and vim.fn.winsaveview().topfill >= drawn.rows
  end
  local win = api.nvim_get_current_win()
  local info = vim.fn.getwininfo(win)[1]
  -- The end of the line, since a long one may be wrapped.
  local place = vim.fn.screenpos(win, row, math.max(vim.fn.col({ row, "$" }) - 1, 1))
  return place.row > 0 and place.row < info.winrow + (info.winbar or 0) + info.height - 1
end

--- Returns the change at the cursor, or the one that shows the keys if that is on the screen.
---@param review chatvim.Review
---@return chatvim.Placed?
---@return string? err
local function at_cursor(review)
  local row = api.nvim_win_get_cursor(0)[1] - 1 - review.start
  local item = M.at(review, row)
  if api.nvim_get_current_buf() ~= review.buf then
    return item
  elseif not item then
    local near = M.nearest(review, row)
    item = near and M.shows_keys(review, near) and near or nil
  end
  if item and require("chatvim.review.folds").hides(review, item) then
    return nil, "the change here is in a closed fold: `zO` shows it"
  end
  return item
end

--- Returns the changes in rows of the buffer, or that at the cursor.
---@param review chatvim.Review
---@param first? integer
---@param last? integer exclusive
---@return chatvim.Placed[]
---@return string? err
local function find(review, first, last)
  local list, err = {}, nil
  if first and last and last - first > 1 then
    first, last = first - review.start, last - review.start
    for _, item in ipairs(review.placed) do
      -- An insertion belongs to the lines above and below it.
      local inserts = item.first == item.last and item.first >= first and item.first <= last
      if inserts or (item.first < last and item.last > first) then
        list[#list + 1] = item
      end
    end
  else
    if first then
      list[1] = M.at(review, first - review.start)
    else
      list[1], err = at_cursor(review)
    end
  end
  if err then
    return list, err
  end
  local key = require("chatvim.keys").mapped(review.buf, "n", "next-change")
  local advice = key and ("; %s goes to the next one"):format(key) or ""
  return list, #list == 0 and "there is no change here" .. advice or nil
end

--- Returns why a change cannot be chosen yet, or nil.
---@param review chatvim.Review
---@param item chatvim.Placed
---@return string?
local function unsettled(review, item)
  if item.change.tail and review.cut then
    return "this change is not complete: " .. review.cut
  elseif item.change.tail then
    return "this change is still being written; wait for its end"
  end
end

--- Chooses changes to accept.
---@param review chatvim.Review
---@param all? boolean
---@param first? integer row of the buffer
---@param last? integer exclusive
---@return chatvim.Placed[]
---@return string? err
function M.for_accept(review, all, first, last)
  if all and not review.complete then
    local why = review.cut or "the answer is still being written"
    return {}, ("%s, so not all changes can be accepted; accept them one by one"):format(why)
  end
  local list, err = review.placed, nil
  if not all then
    list, err = find(review, first, last)
  end
  local chosen = {}
  for _, item in ipairs(list) do
    local why = unsettled(review, item)
    if item.conflict then
      why = "you have edited the lines of this change; undo your edit, or refuse the change"
    end
    if not why then
      chosen[#chosen + 1] = item
    else
      err = err or why
    end
  end
  return chosen, #chosen == 0 and err or nil
end

--- Chooses changes to refuse.
---@param review chatvim.Review
---@param first? integer row of the buffer
---@param last? integer exclusive
---@return chatvim.Placed[]
---@return string? err
function M.for_refuse(review, first, last)
  local list, err = find(review, first, last)
  for _, item in ipairs(list) do
    -- The part of a change that has arrived cannot be refused: the rest would be shown again.
    err = err or not review.cut and unsettled(review, item) or nil
  end
  return list, err
end

--- Puts the lines of changes into the buffer, as one undo step. Joins the step with that of an
--- acceptance just before.
---@param review chatvim.Review
---@param chosen chatvim.Placed[] in order
---@return string? err
function M.accept(review, chosen)
  local replacements = {}
  for index = #chosen, 1, -1 do
    local item = chosen[index]
    replacements[#replacements + 1] = {
      first = review.start + item.first,
      last = review.start + item.last,
      lines = item.change.lines,
    }
  end
  local joins = review.sequence ~= nil and api.nvim_buf_get_changedtick(review.buf) == review.tick
  return buffer.replace_all(review.buf, replacements, joins and review.sequence or nil)
end

--- Remembers the undo step that accepting has made.
---@param review chatvim.Review
function M.remember(review)
  review.tick = api.nvim_buf_get_changedtick(review.buf)
  review.sequence = api.nvim_buf_call(review.buf, vim.fn.changenr)
end

--- Removes changes from a review.
---@param review chatvim.Review
---@param chosen chatvim.Placed[]
function M.refuse(review, chosen)
  local refused = {}
  for _, item in ipairs(chosen) do
    refused[item.change] = true
  end
  local function keep(change)
    return not refused[change]
  end
  review.changes = lists.filter(review.changes, keep)
  review.tail = lists.filter(review.tail, keep)
  review.counts.refused = review.counts.refused + #chosen
end

--- Returns the buffer's row of a change below or above another row, or nil.
---@param review chatvim.Review
---@param row integer of the buffer
---@param direction 1|-1
---@param count integer the last one, if there are fewer
---@return integer?
function M.next(review, row, direction, count)
  local last_row = api.nvim_buf_line_count(review.buf) - 1
  local rows = {}
  for _, item in ipairs(review.placed) do
    local first = math.min(review.start + item.first, last_row)
    if (first - row) * direction > 0 and rows[#rows] ~= first then
      rows[#rows + 1] = first
    end
  end
  local index = math.min(count, #rows)
  return rows[direction > 0 and index or #rows + 1 - index]
end

return M
