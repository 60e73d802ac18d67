-- SPDX-License-Identifier: Apache-2.0
-- Computes what the blocks of a file mean for its text, and opens a review of that.
local M = {}

local api = vim.api

--- Limit of tries while the text changes.
local TRIES = 10

--- Applies edits to lines.
---@param lines string[]
---@param edits { first: integer, last: integer, lines: string[] }[] ascending, not overlapping
---@return string[]
local function edited(lines, edits)
  local result, row = {}, 0
  for _, edit in ipairs(edits) do
    vim.list_extend(result, lines, row + 1, edit.first)
    vim.list_extend(result, edit.lines)
    row = edit.last
  end
  return vim.list_extend(result, lines, row + 1, #lines)
end

--- Returns the rows that differ: those of `old` from `first` to `last` (exclusive) become `new`.
---@param old string[]
---@param new string[]
---@return integer first
---@return integer last
---@return string[] new
local function difference(old, new)
  if #old == 1 and old[1] == "" and #new > 1 then
    -- An empty buffer: its line is no blank line of the text.
    return 0, 1, new
  end
  local first, most = 0, math.min(#old, #new)
  while first < most and old[first + 1] == new[first + 1] do
    first = first + 1
  end
  local tail = 0
  while tail < most - first and old[#old - tail] == new[#new - tail] do
    tail = tail + 1
  end
  return first, #old - tail, vim.list_slice(new, first + 1, #new - tail)
end

--- Returns the question that is asked about a block.
---@param block chatvim.Block
---@param lines string[]
---@return table
local function question(block, lines)
  local quoted = type(block.quoted) == "string" and block.quoted or nil
  local text = table.concat(lines, "\n")
  return { text = text, block = block.lines, kind = block.kind, quoted = quoted }
end

--- Applies the blocks of a target to its text, one after the other.
---@param target chatvim.ApplyTarget
---@param callback fun(lines: string[], failures: string[])
local function compute(target, callback)
  local lines = api.nvim_buf_get_lines(target.opened.buf, 0, -1, true)
  local failures = {}
  local function go(index)
    local block = target.blocks[index]
    if not block then
      return callback(lines, failures)
    end
    require("chatvim.program.query").patch(question(block, lines), function(err, value)
      if value then
        lines = edited(lines, value.edits)
      else
        table.insert(failures, err)
      end
      go(index + 1)
    end)
  end
  go(1)
end

---@param run chatvim.ApplyRun
---@param target chatvim.ApplyTarget
---@param why string
local function fail(run, target, why)
  local name = vim.fn.fnamemodify(target.path, ":~:.")
  table.insert(run.failures, ("%s: %s"):format(name, (why:gsub("%.$", ""))))
end

--- Opens the review.
---@param run chatvim.ApplyRun
---@param target chatvim.ApplyTarget
---@param lines string[] the proposal for the whole text
---@return string? err
local function review(run, target, lines)
  local buf = target.opened.buf
  local first, last, new = difference(api.nvim_buf_get_lines(buf, 0, -1, true), lines)
  if first == last and #new == 0 then
    return "the file has these lines already"
  end
  local opened, err = require("chatvim.review").open({
    buf = buf,
    first = first,
    last = last,
    new = new,
    title = "proposal",
    on_done = function(done, reason)
      require("chatvim.command.apply.show").next(run, target, done, reason)
    end,
  })
  return not opened and err or nil
end

--- Adds what to know about a new file.
---@param run chatvim.ApplyRun
---@param target chatvim.ApplyTarget
local function note_new(run, target)
  local folder = vim.fs.dirname(target.path)
  if target.opened.is_new and not vim.uv.fs_stat(folder) then
    local name = vim.fn.fnamemodify(folder, ":~:.")
    table.insert(run.notes, ("%s does not exist yet: `:w ++p` creates it"):format(name))
  end
end

--- Computes the text and opens the review. If the user has typed meanwhile, computes it again.
---@param run chatvim.ApplyRun
---@param target chatvim.ApplyTarget
---@param done fun()
---@param tries integer
local function attempt(run, target, done, tries)
  local file = target.opened --[[@as chatvim.ApplyFile]]
  local tick = api.nvim_buf_get_changedtick(file.buf)
  compute(target, function(lines, failures)
    local is_there = api.nvim_buf_is_loaded(file.buf)
    local is_old = is_there and api.nvim_buf_get_changedtick(file.buf) ~= tick
    if is_old and tries > 1 then
      return attempt(run, target, done, tries - 1)
    end
    local err = not is_there and "its buffer was closed" or nil
    err = is_old and "its text changes all the time" or err
    for _, failure in ipairs(failures) do
      fail(run, target, failure)
    end
    if not err and #failures < #target.blocks then
      err = review(run, target, lines)
      note_new(run, target)
    end
    if err or #failures == #target.blocks then
      target.opened = nil
      require("chatvim.command.apply.file").drop(file)
    end
    if err then
      fail(run, target, err)
    end
    done()
  end)
end

--- Proposes the blocks of a target in its buffer. If nothing is reviewed there afterwards,
--- `target.opened` is nil.
---@param run chatvim.ApplyRun
---@param target chatvim.ApplyTarget
---@param done fun()
function M.run(run, target, done)
  local file, err = require("chatvim.command.apply.file").open(target.path, run.chat)
  target.opened = file
  if not file or err then
    fail(run, target, err --[[@as string]])
    return done()
  end
  attempt(run, target, done, TRIES)
end

return M
