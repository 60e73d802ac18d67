-- SPDX-License-Identifier: Apache-2.0
-- Reads the proposal in an answer while it arrives: its first fenced code block. Reads each line of
-- the chat once. Text before the block, kept reasoning and calls of tools are skipped, and so are
-- lines that only repeat what surrounds the lines to rewrite.
local M = {}

local api = vim.api
local escape = require("chatvim.chat.escape")
local indentation = require("chatvim.rewrite.indentation")
local surroundings = require("chatvim.rewrite.surroundings")
local tabs = require("chatvim.rewrite.tabs")

--- What has been read of an answer.
---@class chatvim.Proposal
---@field buf integer the chat
---@field delimiters table<string, string>
---@field row integer the next row to read
---@field first? integer the answer's first row; nil: no answer has begun
---@field part "before"|"details"|"block"|"done"
---@field fence? chatvim.Proposal.Fence of the block or of one in the details
---@field step? boolean the details are a tool call, which holds code blocks
---@field range chatvim.Rewrite.Range
---@field around chatvim.Surroundings
---@field written string[] the lines of the block that are new text, as the model wrote them
---@field indentation chatvim.Indentation of these
---@field lines string[] their text
---@field replaced? string[] the text before, if lines of it turned out to be others
---@field ended? integer the row of the closing fence

--- The opening fence of a code block (CommonMark 0.31, section 4.5).
---@class chatvim.Proposal.Fence
---@field indent string
---@field character string
---@field length integer

--- Starts to read the answer in a chat.
---@param buf integer the chat
---@param row integer where an answer may begin
---@param delimiters table<string, string>
---@param range chatvim.Rewrite.Range
---@param old? chatvim.Proposal of the chat as it was before
---@return chatvim.Proposal
function M.new(buf, row, delimiters, range, old)
  return {
    buf = buf,
    row = row,
    delimiters = delimiters,
    part = "before",
    range = range,
    around = surroundings.new(range, old and old.around),
    written = {},
    indentation = indentation.new(range),
    lines = {},
  }
end

---@param line string
---@return chatvim.Proposal.Fence?
local function opening(line)
  local indent, run, info = line:match("^([ \t]*)(```+)(.*)$")
  if not run or info:find("`", 1, true) then
    indent, run = line:match("^([ \t]*)(~~~+)")
  end
  return run and { indent = indent, character = run:sub(1, 1), length = #run } or nil
end

---@param fence chatvim.Proposal.Fence
---@param line string
---@return boolean
local function closes(fence, line)
  local run = line:match("^[ \t]*([`~]+)[ \t\r]*$")
  return run ~= nil
    and #run >= fence.length
    and run == fence.character:rep(#run)
    and #line:match("^[ \t]*") <= #fence.indent + 3
end

--- Returns a line of the block as the model wrote it.
---@param proposal chatvim.Proposal
---@param line string
---@return string
local function read_line(proposal, line)
  line = escape.unescape(line, proposal.delimiters)
  local indent = proposal.fence.indent
  if indent ~= "" then
    local own = line:match("^[ \t]*")
    local length = math.min(#own, #indent)
    line = line:sub(own:sub(1, length) == indent:sub(1, length) and length + 1 or 1)
  end
  return line
end

--- Adds new text. It may show that the indentation of lines above is another.
---@param proposal chatvim.Proposal
---@param added string[]
local function add(proposal, added)
  local state, written, lines = proposal.indentation, proposal.written, proposal.lines
  state.all = proposal.around.indent
  for _, line in ipairs(added) do
    local rest = indentation.rest(state)
    indentation.add(state, line)
    written[#written + 1] = line
    if indentation.rest(state) ~= rest and #lines > 1 then
      proposal.replaced = proposal.replaced or lines
      lines = {}
      for index = 1, #written - 1 do
        lines[index] = indentation.fix(state, written[index], index)
      end
    end
    lines[#lines + 1] = indentation.fix(state, line, #written)
  end
  proposal.lines = lines
end

--- Takes the lines as the model wrote them if they are the old ones but for the indentation that
--- they were given: then this is what the model has changed.
---@param proposal chatvim.Proposal whose block has ended
local function keep_dedent(proposal)
  local lines, written = proposal.lines, proposal.written
  local is_dedent = indentation.shifts_all(proposal.indentation)
    and vim.deep_equal(lines, proposal.range.lines)
  if is_dedent then
    proposal.replaced = proposal.replaced or lines
    proposal.lines = vim.list_slice(written)
  end
end

--- Forgets the lines so far, since all of them will be others.
---@param proposal chatvim.Proposal
local function clear(proposal)
  proposal.replaced = proposal.replaced or proposal.lines
  proposal.written, proposal.lines = {}, {}
  proposal.indentation = indentation.new(proposal.range)
end

--- Reads the block again with tabs if it has spaces where the file has tabs. How many spaces stand
--- for a tab is known only at its end.
---@param proposal chatvim.Proposal
local function use_tabs(proposal)
  local block = tabs.convert(proposal.around.block, proposal.range)
  if not block then
    return
  end
  clear(proposal)
  proposal.around = surroundings.again(proposal.around, proposal.range)
  for _, line in ipairs(block) do
    add(proposal, surroundings.add(proposal.around, line))
  end
end

--- Ends the block.
---@param proposal chatvim.Proposal
local function finish(proposal)
  use_tabs(proposal)
  local rest, is_whole = surroundings.finish(proposal.around)
  if is_whole then
    clear(proposal)
  end
  add(proposal, rest)
  keep_dedent(proposal)
end

--- Readers of a line, by the part of the answer in which it is.
---@type table<string, fun(proposal: chatvim.Proposal, line: string)>
local readers = {
  before = function(proposal, line)
    local summary = line:match("^<details><summary>(%a+)")
    if summary == "Step" or (summary == "Reasoning" and proposal.row == proposal.first) then
      proposal.part, proposal.step = "details", summary == "Step"
      return
    end
    proposal.fence = opening(line)
    proposal.part = proposal.fence and "block" or "before"
  end,
  details = function(proposal, line)
    if proposal.fence then
      proposal.fence = not closes(proposal.fence, line) and proposal.fence or nil
    elseif vim.startswith(line, "</details>") then
      proposal.part = "before"
    elseif proposal.step then
      proposal.fence = opening(line)
    end
  end,
  block = function(proposal, line)
    if closes(proposal.fence, line) then
      proposal.part, proposal.ended = "done", proposal.row
      finish(proposal)
    else
      add(proposal, surroundings.add(proposal.around, read_line(proposal, line)))
    end
  end,
  done = function() end,
}

--- Finds the answer's first row.
---@param proposal chatvim.Proposal
---@param lines string[] from `proposal.row` on
---@return integer index of the first line to read
local function find_answer(proposal, lines)
  for index, line in ipairs(lines) do
    if require("chatvim.chat.lines").bare(line) == proposal.delimiters.assistant then
      local skip = index + 1
      while lines[skip] == "" do
        skip = skip + 1
      end
      proposal.first = proposal.row + skip - 1
      return skip
    end
  end
  return #lines + 1
end

--- Reads the lines that have arrived.
---@param proposal chatvim.Proposal
---@param ended boolean the last line is complete
---@param stop? integer the row to read until, exclusive
function M.read(proposal, ended, stop)
  if proposal.part == "done" or not api.nvim_buf_is_loaded(proposal.buf) then
    return
  end
  local last = stop or api.nvim_buf_line_count(proposal.buf) - (ended and 0 or 1)
  local lines =
    api.nvim_buf_get_lines(proposal.buf, proposal.row, math.max(last, proposal.row), false)
  local start = proposal.row
  local index = 1
  if not proposal.first then
    index = find_answer(proposal, lines)
    if not proposal.first or index > #lines then
      -- Read them again: blank lines may follow the delimiter.
      proposal.first = nil
      return
    end
  end
  for at = index, #lines do
    proposal.row = start + at - 1
    if proposal.part == "done" then
      -- What follows does not change the proposal.
      return
    end
    readers[proposal.part](proposal, lines[at])
  end
  proposal.row = start + #lines
end

--- Returns the beginning of the block's next line, or nil. It may still become the closing fence.
---@param proposal chatvim.Proposal that has read all complete lines
---@return string?
function M.partial(proposal)
  if proposal.part ~= "block" or not api.nvim_buf_is_loaded(proposal.buf) then
    return nil
  end
  local line = api.nvim_buf_get_lines(proposal.buf, proposal.row, proposal.row + 1, false)[1]
  if not line or not line:find("[^ \t\r`~]") then
    return nil
  end
  line = read_line(proposal, line)
  if not surroundings.is_new(proposal.around, line) then
    return nil
  end
  local state = indentation.copy(proposal.indentation)
  state.all = proposal.around.indent
  indentation.add(state, line)
  return indentation.fix(state, line, state.count)
end

return M
