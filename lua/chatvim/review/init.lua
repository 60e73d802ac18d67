-- SPDX-License-Identifier: Apache-2.0
-- Reviews: a proposed text for a range of a buffer, drawn as a diff over the text as it is now.
-- Nothing changes the buffer until the user accepts. At most one review per buffer.
local M = {}

local api = vim.api
local accepted = require("chatvim.review.accepted")
local choose = require("chatvim.review.choose")
local compare = require("chatvim.review.compare")
local display = require("chatvim.review.display")
local follow = require("chatvim.review.follow")
local lists = require("chatvim.review.list")
local notify = require("chatvim.notify")
local state = require("chatvim.chat.state")
local streams = require("chatvim.review.stream")
local uv = vim.uv or vim.loop

--- A refresh that takes longer than this, in ms, is not repeated until `SHARE` times its length has
--- passed.
local COSTLY, SHARE = 4, 5

--- What to review.
---@class chatvim.Review.Spec
---@field buf integer
---@field first integer row from 0
---@field last integer exclusive; equal to `first` to insert
---@field new? string[] the proposal for these rows; nil: it still arrives, see `update`
---@field title string what is proposed, such as "rewrite", for messages
---@field on_done? fun(review: chatvim.Review, reason: chatvim.Review.End) called once

--- done: every change was accepted or refused. same: the proposal changes nothing. cut: no change
--- of a proposal that has stopped arriving is left. closed: by `close`. refused: all at once,
--- perhaps while it arrived. lost: the text is gone.
---@alias chatvim.Review.End "done"|"same"|"cut"|"closed"|"refused"|"lost"

--- A review. Owned by the state of its buffer until it is over.
---@class chatvim.Review
---@field buf integer
---@field title string
---@field on_done? fun(review: chatvim.Review, reason: chatvim.Review.End)
---@field base string[] the text of the range that the changes are made to
---@field start integer the range's first row in the buffer
---@field edits chatvim.Edit[] the user's, since the review began
---@field changes chatvim.Change[] settled ones that are neither accepted nor refused, in order
---@field tail chatvim.Change[] those that are not settled
---@field accepted chatvim.Accepted[] in order
---@field stream chatvim.Stream
---@field lines string[] the proposal as far as it has been compared
---@field complete boolean the whole proposal has arrived
---@field cut? string why the rest of the proposal will not arrive
---@field placed chatvim.Placed[] the changes as drawn, without settled ones
---@field counts { accepted: integer, refused: integer }
---@field drawn table<chatvim.Change, chatvim.Review.Drawn> display.lua
---@field current integer display.lua: the index of the change that shows the keys
---@field fit chatvim.Review.Fit display.lua
---@field group? integer display.lua: of autocommands
---@field pending? boolean a refresh is scheduled
---@field cost? number how long the last such refresh took, in ms
---@field over? boolean
---@field sequence? integer the number of the last undo step made by accepting
---@field tick? integer b:changedtick after it

--- Returns the review of a buffer, or nil.
---@param buf integer
---@return chatvim.Review?
function M.of(buf)
  local chat = state.find(buf)
  return chat and chat.review
end

--- Returns why a buffer cannot have a review now, or nil if it can.
---@param buf integer
---@return string?
function M.refusal(buf)
  local open = M.of(buf)
  if open then
    local key = display.key(buf, "refuse-all", "ChatvimRefuse!")
    return ("a %s is being reviewed in this buffer; %s ends that"):format(open.title, key)
  elseif not api.nvim_buf_is_loaded(buf) then
    return "the buffer is not loaded"
  end
  return require("chatvim.view.unfit").to_change(buf)
end

--- Ends a review and removes what is drawn.
---@param review chatvim.Review
---@param reason chatvim.Review.End
local function finish(review, reason)
  if review.over then
    return
  end
  review.over = true
  local chat = state.find(review.buf)
  if chat and chat.review == review then
    chat.review = nil
  end
  display.stop(review)
  if review.on_done then
    review.on_done(review, reason)
  end
end

--- Ends a review before everything of it was decided, and says why.
---@param review chatvim.Review
---@param reason chatvim.Review.End
---@param why string
local function stop(review, reason, why)
  finish(review, reason)
  vim.schedule(function()
    notify.show(("the review of the %s has ended: %s"):format(review.title, why), "warn")
  end)
end

--- Brings a review up to date with the text: places its changes, and ends it if none is left.
---@param review chatvim.Review
local function refresh(review)
  review.pending = false
  if review.over then
    return
  end
  compare.restore(review)
  local placed = choose.place(review)
  local made = accepted.absorb(review, placed)
  if made > 0 then
    review.counts.accepted = review.counts.accepted + made
    placed = choose.place(review)
  end
  review.placed = lists.filter(placed, function(item)
    return not item.settled
  end)
  if review.complete and #review.changes == 0 then
    local counts = review.counts
    finish(review, counts.accepted + counts.refused > 0 and "done" or "same")
  elseif review.cut and #review.placed == 0 then
    stop(review, "cut", review.cut .. ", and no change of it is left")
  else
    display.draw(review)
  end
end

--- Refreshes a review soon: the text may change several times until then. With thousands of
--- changes, waits as long as a refresh takes, several times over.
---@param review chatvim.Review
local function refresh_soon(review)
  if review.pending then
    return
  end
  review.pending = true
  local function run()
    if review.pending then
      local began = uv.hrtime()
      refresh(review)
      review.cost = (uv.hrtime() - began) / 1e6
    end
  end
  if (review.cost or 0) < COSTLY then
    vim.schedule(run)
  else
    vim.defer_fn(run, math.ceil(review.cost * SHARE))
  end
end

state.on("lines", function(chat, first, last, new_last)
  local review = chat.review
  if not review or review.over then
    return
  end
  local touched, lost = follow.on_lines(review, first, last, new_last)
  if lost then
    stop(review, "lost", "its lines were replaced")
  elseif touched then
    refresh_soon(review)
  end
end)

state.on("reload", function(chat)
  if chat.review then
    stop(chat.review, "lost", "the file was read again")
  end
end)

state.on("detach", function(chat)
  if chat.review then
    stop(chat.review, "lost", "the buffer was unloaded or read again")
  end
end)

--- Adds changes of a longer proposal. Those above are neither compared nor drawn again.
---@param review chatvim.Review
---@param lines string[]
local function extend(review, lines)
  review.lines = lines
  local settled, tail = compare.more(review)
  if not settled then
    return
  end
  local placed, kept = review.placed, #review.changes
  vim.list_extend(review.changes, settled)
  local old_tail
  old_tail, review.tail = review.tail, tail
  local ended = review.complete or review.cut
  if review.pending or ended or #review.edits > 0 or #review.accepted > 0 then
    return refresh(review)
  end
  for index = #placed, kept + 1, -1 do
    placed[index] = nil
  end
  vim.list_extend(placed, choose.place(review, kept + 1))
  display.erase(review, old_tail)
  display.draw(review, kept + 1)
end

--- Shows more of a proposal.
---@param review chatvim.Review
---@param lines string[] those so far; only the last one of an earlier call may have become longer
---@param complete boolean these are all
function M.update(review, lines, complete)
  if review.over then
    return
  end
  review.complete, review.cut = complete, nil
  extend(review, lines)
end

--- Starts a review anew for another proposal. What was accepted stays.
---@param review chatvim.Review
function M.restart(review)
  if not review.over then
    compare.forget(review)
    review.placed, review.lines = {}, {}
    review.complete, review.cut = false, nil
    display.draw(review)
  end
end

--- Marks a review whose proposal has stopped arriving. Its last change can only be refused.
---@param review chatvim.Review
---@param lines string[] those that have arrived
---@param why string such as "the answer was cut off"
function M.cut(review, lines, why)
  if not review.over then
    review.complete, review.cut = false, why
    extend(review, lines)
  end
end

--- Opens a review.
---@param spec chatvim.Review.Spec
---@return chatvim.Review? review
---@return string? err
function M.open(spec)
  local err = M.refusal(spec.buf)
  if err then
    return nil, err
  end
  local chat = state.attach(spec.buf)
  ---@type chatvim.Review
  local review = {
    buf = chat.buf,
    title = spec.title,
    on_done = spec.on_done,
    base = api.nvim_buf_get_lines(spec.buf, spec.first, spec.last, true),
    start = spec.first,
    edits = {},
    changes = {},
    tail = {},
    accepted = {},
    stream = streams.new(),
    lines = {},
    complete = false,
    placed = {},
    drawn = {},
    fit = { width = 0, wrap = false },
    current = 0,
    counts = { accepted = 0, refused = 0 },
  }
  chat.review = review
  display.start(review)
  if spec.new then
    M.update(review, spec.new, true)
  end
  return review
end

--- Ends a review; what was accepted stays.
---@param review chatvim.Review
function M.close(review)
  finish(review, "closed")
end

--- Whether `told` has shown why nothing could be done.
local has_told = false

--- Shows why a command could not do anything, or, after one that could, removes such a message.
---@param err? string
---@param level? "info"|"warn"
local function told(err, level)
  if err then
    notify.show(err, level or "warn")
  elseif has_told then
    api.nvim_echo({ { "" } }, false, {})
  end
  has_told = err ~= nil
end

--- Returns the review of a buffer, up to date, or shows that there is none.
---@param buf integer
---@return chatvim.Review?
local function current(buf)
  local review = M.of(buf)
  if review and review.pending then
    refresh(review)
    review = M.of(buf)
  end
  if not review then
    notify.show("nothing is being reviewed in this buffer", "info")
  end
  return review
end

--- Accepts changes, or shows why it cannot.
---@param buf integer
---@param all? boolean all that are no conflict; otherwise those at the cursor or in the rows
---@param first? integer row from 0
---@param last? integer exclusive
function M.accept(buf, all, first, last)
  local review = current(buf)
  if not review then
    return
  end
  local chosen, err = choose.for_accept(review, all, first, last)
  if not err then
    err = choose.accept(review, chosen)
    refresh(review)
  end
  told(err)
  if err then
    return
  end
  choose.remember(review)
  if all and not review.over then
    local count = #review.placed
    local what = count == 1 and "1 change is" or ("%d changes are"):format(count)
    notify.show(("%s left: you have edited the same lines"):format(what), "warn")
  end
end

--- Refuses changes, or shows why it cannot. Refusing all ends the review.
---@param buf integer
---@param all? boolean
---@param first? integer row from 0
---@param last? integer exclusive
function M.refuse(buf, all, first, last)
  local review = current(buf)
  if not review then
    return
  elseif all then
    finish(review, "refused")
    return
  end
  local chosen, err = choose.for_refuse(review, first, last)
  told(err)
  if err then
    return
  end
  choose.refuse(review, chosen)
  refresh(review)
end

--- Moves the cursor to the next or previous change, or shows that there is none.
---@param buf integer
---@param direction 1|-1
---@param count? integer default 1
function M.go(buf, direction, count)
  local review = current(buf)
  if review then
    local row = api.nvim_win_get_cursor(0)[1] - 1
    local target = choose.next(review, row, direction, count or 1)
    if not target then
      told(direction > 0 and "there is no change below" or "there is no change above", "info")
      return
    end
    vim.cmd("normal! m'")
    api.nvim_win_set_cursor(0, { target + 1, 0 })
    vim.cmd("normal! zv")
    display.reveal_top(review)
    told(nil)
  end
end

return M
