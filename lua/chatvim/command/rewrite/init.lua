-- SPDX-License-Identifier: Apache-2.0
-- Asks the model to rewrite lines of a buffer, and shows its answer as a review while it arrives.
local M = {}

local api = vim.api
local exchanges = require("chatvim.chat.exchange")
local notify = require("chatvim.notify")
local proposals = require("chatvim.rewrite.proposal")
local reread = require("chatvim.command.rewrite.reread")
local reviews = require("chatvim.review")
local running = require("chatvim.chat.running")
local state = require("chatvim.chat.state")
local uv = vim.uv or vim.loop

--- The shortest time between two updates of a review, in ms, and how many times longer than an
--- update took the next one waits at least, so that Neovim has time for everything else.
local PAUSE, SHARE = 15, 4

--- A rewrite. Owned by the state of the buffer that is rewritten.
---@class chatvim.Rewrite
---@field exchange chatvim.Exchange.Spec|chatvim.Exchange
---@field review chatvim.Review
---@field proposal chatvim.Proposal
---@field restart fun(): chatvim.Proposal reads the answer from its start
---@field shown? string[] the proposal as the review has it, if it has become another since
---@field progress? chatvim.Rewrite.Progress while the answer is written
---@field cut_row? integer where the block of an answer that is not whole was closed, as it still is
---@field unkept? boolean the chat is to be written into its file
---@field waiting? boolean an update of the review is scheduled
---@field pause? number how long the next update waits, in ms

---@param rewrite chatvim.Rewrite
local function stop_progress(rewrite)
  if rewrite.progress then
    require("chatvim.rewrite.progress").stop(rewrite.progress)
    rewrite.progress = nil
  end
end

---@param rewrite chatvim.Rewrite
local function start_progress(rewrite)
  if not rewrite.progress then
    local review = rewrite.review
    rewrite.progress = require("chatvim.rewrite.progress").start(
      review.buf,
      rewrite.exchange.buf,
      function()
        return review.start
      end
    )
  end
end

--- Shows what has arrived.
---@param rewrite chatvim.Rewrite
local function show(rewrite)
  local proposal = rewrite.proposal
  proposals.read(proposal, false)
  local lines = proposal.lines
  if not reread.resume(rewrite, false) then
    return
  end
  local count = #lines
  lines[count + 1] = proposals.partial(proposal)
  if #lines > 0 then
    reviews.update(rewrite.review, lines, false)
  end
  lines[count + 1] = nil
end

--- Shows what has arrived soon.
---@param rewrite chatvim.Rewrite
---@param pause number ms
local function show_soon(rewrite, pause)
  rewrite.waiting = true
  vim.defer_fn(function()
    rewrite.waiting = nil
    if rewrite.review.over or not running.is_running(rewrite.exchange.buf) then
      return
    end
    local began = uv.hrtime()
    show(rewrite)
    rewrite.pause = math.max(PAUSE, (uv.hrtime() - began) / 1e6 * SHARE)
  end, math.ceil(pause))
end

--- Handles a change of the chat.
---@param rewrite chatvim.Rewrite
---@param first integer
local function on_lines(rewrite, first)
  local proposal = rewrite.proposal
  if rewrite.review.over or (rewrite.cut_row and first > rewrite.cut_row) then
    -- In the second case, the user asks on.
    return
  end
  local was_cut = rewrite.cut_row ~= nil
  rewrite.cut_row = nil
  if was_cut and not running.is_running(rewrite.exchange.buf) then
    -- The user edits the chat, so the row is perhaps another. Or the answer is about to go on.
    reread.again(rewrite)
    proposals.read(rewrite.proposal, true)
    reread.part(rewrite)
  elseif first < proposal.row then
    -- The user edits the chat, or the answer is continued or replaced.
    reread.again(rewrite)
  elseif rewrite.review.complete and not rewrite.shown then
    -- The user asks on.
    return
  end
  if running.is_running(rewrite.exchange.buf) then
    start_progress(rewrite)
    if not rewrite.waiting then
      show_soon(rewrite, rewrite.pause or 0)
    end
  end
end

--- Keeps the chat as a file if that is due and the user wants it.
---@param rewrite chatvim.Rewrite
---@return string? path
local function keep(rewrite)
  local due, buf = rewrite.unkept, rewrite.exchange.buf
  rewrite.unkept = nil
  if not due or not api.nvim_buf_is_loaded(buf) then
    return
  elseif require("chatvim.config").get().rewrite_chats then
    return require("chatvim.rewrite.keep").write(buf)
  end
  require("chatvim.rewrite.keep").adopt_when_shown(buf)
end

--- Ends a rewrite whose review is over.
---@param rewrite chatvim.Rewrite
local function finish(rewrite)
  stop_progress(rewrite)
  local chat = state.find(rewrite.exchange.source)
  if chat and chat.rewrite == rewrite then
    chat.rewrite = nil
  end
  local buf = rewrite.exchange.buf
  if not buf or not running.stop(buf) then
    -- Later: this may run in a callback of the buffer.
    vim.schedule(function()
      keep(rewrite)
      local answer = buf and state.find(buf)
      if answer then
        answer.exchange = nil
      end
      exchanges.drop_hidden(rewrite.exchange)
    end)
  end
end

--- Whether the answer has text.
---@param rewrite chatvim.Rewrite
---@return boolean
local function has_answer(rewrite)
  proposals.read(rewrite.proposal, true)
  return rewrite.proposal.first ~= nil
end

api.nvim_create_autocmd("VimLeavePre", {
  desc = "Chatvim: keep the chats of rewrites that are being written",
  callback = function()
    for _, chat in ipairs(state.all()) do
      local rewrite = chat.rewrite
      if rewrite and has_answer(rewrite) then
        rewrite.unkept = true
        keep(rewrite)
      end
    end
  end,
})

--- Ends the review of a complete answer's proposal.
---@param rewrite chatvim.Rewrite
local function complete(rewrite)
  if rewrite.proposal.part == "done" then
    reread.resume(rewrite, true)
    reviews.update(rewrite.review, rewrite.proposal.lines, true)
    require("chatvim.review.announce").show(rewrite.review)
    return
  end
  local path = keep(rewrite)
  local where = path and ("; :edit %s shows it"):format(vim.fn.fnamemodify(path, ":~:.")) or ""
  notify.show("the answer has no code block, so there is nothing to review" .. where, "warn")
  reviews.close(rewrite.review)
end

--- Handles an answer that is not whole.
---@param rewrite chatvim.Rewrite that has read its proposal
---@param event chatvim.Event
local function cut(rewrite, event)
  local lines = reread.part(rewrite)
  if #lines == 0 then
    reviews.close(rewrite.review)
  else
    reread.resume(rewrite, true)
    local why = event.outcome == "stopped" and "the answer was stopped" or "the answer was cut off"
    reviews.cut(rewrite.review, lines, why)
    require("chatvim.review.announce").show(rewrite.review)
  end
end

--- Whether the review has all of the proposal already, as after another question in the chat.
---@param rewrite chatvim.Rewrite that has read its proposal
---@return boolean
local function is_known(rewrite)
  local proposal = rewrite.proposal
  local has_whole = rewrite.review.complete
    and proposal.part == "done"
    and vim.deep_equal(rewrite.shown or proposal.lines, proposal.lines)
  return has_whole or rewrite.cut_row ~= nil
end

--- Handles the end of the answer.
---@param rewrite chatvim.Rewrite
---@param event chatvim.Event
---@param asked boolean
local function on_end(rewrite, event, asked)
  if asked and not rewrite.review.over then
    -- It begins again, or `on_refuse` is called.
    return
  end
  stop_progress(rewrite)
  rewrite.unkept = has_answer(rewrite) or event.outcome == "error"
  -- Later: writing a long file takes time too.
  vim.schedule(function()
    keep(rewrite)
  end)
  if rewrite.review.over then
    finish(rewrite)
  elseif is_known(rewrite) then
    rewrite.shown = nil
  elseif exchanges.is_whole(event) then
    complete(rewrite)
  else
    cut(rewrite, event)
  end
end

---@param rewrite chatvim.Rewrite
---@param reason chatvim.Review.End
local function on_done(rewrite, reason)
  if reason == "same" then
    notify.show("the answer changes nothing in these lines", "info")
  end
  finish(rewrite)
end

--- Sends the question.
---@param rewrite chatvim.Rewrite
---@param range chatvim.Rewrite.Range
---@param prompt chatvim.Rewrite.Prompt
local function ask(rewrite, range, prompt)
  local spec = rewrite.exchange
  -- A JSON string is also a TOML string.
  local front = prompt.preset
      and { "+++", "preset = " .. vim.json.encode(prompt.preset), "+++", "" }
    or {}
  local delimiters = require("chatvim.chat.format").wait(front, spec.source).delimiters
  local text = require("chatvim.rewrite.question").build(spec.source, range, prompt)
  -- The journal of chats without a file belongs to the user's.
  spec.buf, spec.journal = exchanges.buffer(), ""
  text = require("chatvim.chat.escape").lines(spec.buf, text, delimiters)
  local lines = vim.list_extend(front, { delimiters.user, "" })
  vim.list_extend(lines, text)
  rewrite.restart = function()
    return proposals.new(spec.buf, #lines - 1, delimiters, range, rewrite.proposal)
  end
  rewrite.proposal = rewrite.restart()
  start_progress(rewrite)
  exchanges.start(spec, lines)
end

--- Returns why no rewrite can begin in a buffer, or nil.
---@param buf integer
---@return string?
local function refusal(buf)
  if running.is_running(buf) then
    return "an answer is being written in this buffer; :ChatvimStop stops it"
  end
  return reviews.refusal(buf)
end

--- Starts a rewrite.
---@param buf integer
---@param range chatvim.Rewrite.Range
---@param instruction string
---@return string? err
local function start(buf, range, instruction)
  local prompt, err = require("chatvim.rewrite.presets").read(instruction)
  err = err or refusal(buf)
  if not prompt or err then
    return err
  end
  ---@type chatvim.Rewrite
  local rewrite = { exchange = { source = buf } }
  rewrite.exchange.on_lines = function(row)
    on_lines(rewrite, row)
  end
  rewrite.exchange.on_end = function(event, asked)
    on_end(rewrite, event, asked)
  end
  rewrite.exchange.on_refuse = function()
    reviews.close(rewrite.review)
  end
  rewrite.review, err = reviews.open({
    buf = buf,
    first = range.first,
    last = range.last,
    title = "rewrite",
    on_done = function(_, reason)
      on_done(rewrite, reason)
    end,
  })
  if err then
    return err
  end
  require("chatvim.review.folds").open(rewrite.review)
  state.get(buf).rewrite = rewrite
  ask(rewrite, range, prompt)
end

--- Rewrites lines of the current buffer as an instruction says; asks the user for it if it is "".
---@param line1 integer from 1
---@param line2 integer
---@param instruction string
function M.run(line1, line2, instruction)
  local buf = api.nvim_get_current_buf()
  local err, range = require("chatvim.command.window").refusal() or refusal(buf), nil
  if not err then
    range, err = require("chatvim.rewrite.question").read(buf, line1 - 1, line2)
  end
  if not range then
    notify.show(err, "warn")
    return
  end
  local function begin(text)
    local why = start(buf, range, text)
    if why then
      notify.show(why, "warn")
    end
  end
  if instruction:find("%S") then
    begin(instruction)
  else
    require("chatvim.rewrite.question").instruction(buf, begin)
  end
end

--- Stops the answer of the rewrite in a buffer.
---@param buf integer
---@return boolean stopped
function M.stop(buf)
  local rewrite = state.get(buf).rewrite
  return rewrite ~= nil and running.stop(rewrite.exchange.buf)
end

--- Returns the chat of the rewrite that is reviewed in a buffer, or nil.
---@param buf integer
---@return integer?
function M.chat(buf)
  local chat = state.find(buf)
  return chat and chat.rewrite and chat.rewrite.exchange.buf
end

return M
