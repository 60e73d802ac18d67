-- SPDX-License-Identifier: Apache-2.0
-- Draws a review with extmarks: old lines dimmed, new ones as virtual lines below them, and the
-- keys at the change at the cursor.
local M = {}

local api = vim.api
local choose = require("chatvim.review.choose")
local keys = require("chatvim.keys")
local screen = require("chatvim.view.screen")
local texts = require("chatvim.review.text")
local virtual = require("chatvim.review.virtual")

local namespace = api.nvim_create_namespace("chatvim.review")
--- Above tree-sitter, semantic tokens and diagnostics.
local PRIORITY = 190

--- What is drawn of a change.
---@class chatvim.Review.Drawn
---@field key string what it looks like
---@field old? integer extmark
---@field new? integer extmark of the new lines
---@field separator? integer extmark of the line above them, if they scroll without it
---@field rows? integer virtual lines, with the separator
---@field start integer the range's first row
---@field first integer row of the range
---@field last integer

--- Returns the keys mapped for an action of a review, or its command.
---@param buf integer
---@param plug string
---@param command string
---@return string
function M.key(buf, plug, command)
  return keys.mapped(buf, "n", plug) or ":" .. command
end

--- Returns what the user can do with a change, in order of importance: a narrow window cuts it.
---@param review chatvim.Review
---@param item chatvim.Placed
---@param index integer
---@return string
local function hint(review, item, index)
  local buf = review.buf
  local place = ("%d of %d"):format(index, #review.placed)
  local refuse = M.key(buf, "refuse", "ChatvimRefuse") .. " refuse"
  if item.conflict then
    return ("conflict with your edit · %s · %s"):format(refuse, place)
  elseif item.change.tail then
    return review.cut and ("incomplete · %s · %s"):format(refuse, review.cut)
      or "still being written"
  end
  local parts = { M.key(buf, "accept", "ChatvimAccept") .. " accept", refuse, place }
  if review.complete then
    local accept_all = M.key(buf, "accept-all", "ChatvimAccept!")
    local refuse_all = M.key(buf, "refuse-all", "ChatvimRefuse!")
    table.insert(parts, 3, ("%s %s all"):format(accept_all, refuse_all))
  end
  return table.concat(parts, " · ")
end

--- Returns the virtual line between old and new lines.
---@param review chatvim.Review
---@param item chatvim.Placed
---@param index integer
---@param current boolean
---@return [string, string][]
local function separator(review, item, index, current)
  local group = item.conflict and "ChatvimConflict" or "ChatvimReview"
  local text = "──"
  if current then
    text = "── " .. hint(review, item, index)
    text = review.fit.width > 0 and texts.cut(text, review.fit.width) or text
  elseif item.conflict then
    text = "── conflict with your edit"
  end
  return { { text, group } }
end

--- Deletes extmarks.
---@param review chatvim.Review
---@param ... integer? marks
local function delete(review, ...)
  for index = 1, select("#", ...) do
    local mark = select(index, ...)
    if mark then
      api.nvim_buf_del_extmark(review.buf, namespace, mark)
    end
  end
end

--- Places virtual lines below a row of the buffer, or above its first line.
---@param review chatvim.Review
---@param row integer
---@param mark? integer one to replace
---@param lines [string, string][][]
---@param scrolls boolean sideways, with the text
---@return integer mark
local function place(review, row, mark, lines, scrolls)
  -- Lines above the buffer's first one are shown only if the window has scrolled up to them.
  return api.nvim_buf_set_extmark(review.buf, namespace, math.max(row - 1, 0), 0, {
    id = mark,
    virt_lines = lines,
    virt_lines_above = row == 0,
    virt_lines_overflow = scrolls and "scroll" or nil,
    right_gravity = false,
    undo_restore = false,
    strict = false,
  })
end

--- Draws the separator and the new lines. If these scroll, the separator, which shows the keys, has
--- a mark of its own and stays: of two marks in a place, the older one is drawn first.
---@param review chatvim.Review
---@param item chatvim.Placed
---@param drawn chatvim.Review.Drawn
---@param first [string, string][] the separator
local function draw_new(review, item, drawn, first)
  local row = review.start + item.last
  local lines = virtual.lines(review, item)
  drawn.rows = #lines + 1
  local scrolls = virtual.SCROLLS and not review.fit.wrap and #lines > 0
  if scrolls ~= (drawn.separator ~= nil) then
    delete(review, drawn.new, drawn.separator)
    drawn.new, drawn.separator = nil, nil
  end
  if scrolls then
    drawn.separator = place(review, row, drawn.separator, { first }, false)
  else
    table.insert(lines, 1, first)
  end
  drawn.new = place(review, row, drawn.new, lines, scrolls)
end

---@param review chatvim.Review
---@param item chatvim.Placed
---@param drawn chatvim.Review.Drawn
local function draw_old(review, item, drawn)
  if item.first == item.last or item.conflict then
    delete(review, drawn.old)
    drawn.old = nil
    return
  end
  drawn.old = api.nvim_buf_set_extmark(review.buf, namespace, review.start + item.first, 0, {
    id = drawn.old,
    end_row = review.start + item.last,
    hl_group = "ChatvimOld",
    hl_eol = true,
    priority = PRIORITY,
    undo_restore = false,
    strict = false,
  })
end

--- Whether the marks of a change are where they should be.
---@param review chatvim.Review
---@param item chatvim.Placed
---@param drawn chatvim.Review.Drawn
---@return boolean
local function is_placed(review, item, drawn)
  if drawn.first == item.first and drawn.last == item.last and drawn.start == review.start then
    return true
  end
  local mark = api.nvim_buf_get_extmark_by_id(review.buf, namespace, drawn.new, {})
  local right = mark[1] == math.max(review.start + item.last - 1, 0)
    and item.last - item.first == drawn.last - drawn.first
    and (review.start + item.last > 0) == (drawn.start + drawn.last > 0)
  if right and drawn.old then
    local old = api.nvim_buf_get_extmark_by_id(review.buf, namespace, drawn.old, { details = true })
    right = old[1] == review.start + item.first and old[3].end_row == review.start + item.last
  end
  return right
end

--- Draws one change, unless it is drawn already.
---@param review chatvim.Review
---@param item chatvim.Placed
---@param index integer
---@param current boolean
---@param drawn chatvim.Review.Drawn
local function draw_item(review, item, index, current, drawn)
  local first = separator(review, item, index, current)
  local fit = review.fit
  local key = ("%s\n%d\n%d %s"):format(
    first[1][1],
    #item.change.lines,
    fit.width,
    tostring(fit.wrap)
  )
  if drawn.key ~= key or not is_placed(review, item, drawn) then
    draw_old(review, item, drawn)
    draw_new(review, item, drawn, first)
    drawn.key = key
  end
  drawn.start, drawn.first, drawn.last = review.start, item.first, item.last
end

--- Returns the index of the change that shows the keys: that at the cursor or the nearest; in
--- another buffer, the first.
---@param review chatvim.Review
---@return integer
local function find_current(review)
  if api.nvim_get_current_buf() == review.buf then
    local row = api.nvim_win_get_cursor(0)[1] - 1 - review.start
    local item = choose.nearest(review, row)
    for index, other in ipairs(review.placed) do
      if other == item then
        return index
      end
    end
  end
  return 1
end

--- Shows the virtual lines above the first line in windows that show that line.
---@param review chatvim.Review
function M.reveal_top(review)
  local top = not review.over and review.placed[1]
  if not top or review.start + top.last > 0 then
    return
  end
  local count = (review.drawn[top.change] or {}).rows or 0
  for _, win in ipairs(vim.fn.win_findbuf(review.buf)) do
    api.nvim_win_call(win, function()
      if vim.fn.line("w0") == 1 then
        -- The cursor's line stays on the screen.
        local room = math.max(api.nvim_win_get_height(win) - vim.fn.line("."), 0)
        vim.fn.winrestview({ topfill = math.min(count, room) })
      end
    end)
  end
end

--- Removes what is drawn of changes.
---@param review chatvim.Review
---@param changes chatvim.Change[]
function M.erase(review, changes)
  for _, change in ipairs(changes) do
    local drawn = review.drawn[change]
    if drawn then
      delete(review, drawn.old, drawn.new, drawn.separator)
      review.drawn[change] = nil
    end
  end
end

---@param review chatvim.Review
---@param index integer
local function draw_at(review, index)
  local item = review.placed[index]
  if item then
    local drawn = review.drawn[item.change] or { start = 0, first = 0, last = 0, key = "" }
    review.drawn[item.change] = drawn
    draw_item(review, item, index, index == review.current, drawn)
  end
end

--- Removes what is drawn of changes that are no longer in the review. Neovim 0.12 may leave virtual
--- lines on the screen that are removed together with an edit of as many lines.
---@param review chatvim.Review
local function erase_old(review)
  local kept, erased = {}, false
  for _, item in ipairs(review.placed) do
    kept[item.change] = true
  end
  for change, drawn in pairs(review.drawn) do
    if not kept[change] then
      delete(review, drawn.old, drawn.new, drawn.separator)
      review.drawn[change] = nil
      erased = true
    end
  end
  if erased then
    screen.redraw(review.buf)
  end
end

--- Draws what has changed.
---@param review chatvim.Review
---@param from? integer the first change to draw; default: all, and those that are gone are removed
function M.draw(review, from)
  if not api.nvim_buf_is_loaded(review.buf) then
    return
  end
  local before = review.current
  review.current = find_current(review)
  review.fit = virtual.fit(review)
  if not from then
    erase_old(review)
  else
    -- The number of changes is shown there.
    draw_at(review, before < from and before or 0)
    draw_at(review, review.current < from and review.current or 0)
  end
  for index = from or 1, #review.placed do
    draw_at(review, index)
  end
  M.reveal_top(review)
end

--- Moves the hint to the change at the cursor, and draws lines anew if they no longer fit.
---@param review chatvim.Review
local function follow_cursor(review)
  local fit = virtual.fit(review)
  if fit.width ~= review.fit.width or fit.wrap ~= review.fit.wrap then
    return M.draw(review)
  end
  local before = review.current
  review.current = find_current(review)
  if before ~= review.current then
    draw_at(review, before)
    draw_at(review, review.current)
  end
end

--- Starts to show a review.
---@param review chatvim.Review
function M.start(review)
  require("chatvim.view.highlight").define()
  local function follow()
    if not review.pending and not review.over then
      follow_cursor(review)
    end
  end
  review.group = api.nvim_create_augroup("chatvim.review." .. review.buf, {})
  api.nvim_create_autocmd("CursorMoved", {
    group = review.group,
    buffer = review.buf,
    desc = "Chatvim: show the keys at the change at the cursor",
    callback = follow,
  })
  api.nvim_create_autocmd("WinResized", {
    group = review.group,
    desc = "Chatvim: fit a review into its windows",
    callback = follow,
  })
  api.nvim_create_autocmd("BufWinEnter", {
    group = review.group,
    buffer = review.buf,
    desc = "Chatvim: show a change above the first line",
    -- Later: Neovim has yet to decide what the window shows.
    callback = vim.schedule_wrap(function()
      follow()
      M.reveal_top(review)
    end),
  })
  keys.map_review(review.buf, require("chatvim.config").get().keys)
end

--- Removes all that is drawn of a review, and its keys.
---@param review chatvim.Review
function M.stop(review)
  pcall(api.nvim_del_augroup_by_id, review.group)
  if api.nvim_buf_is_valid(review.buf) then
    api.nvim_buf_clear_namespace(review.buf, namespace, 0, -1)
    screen.redraw(review.buf)
    keys.unmap_review(review.buf)
  end
end

return M
