-- SPDX-License-Identifier: Apache-2.0
-- Gives the lines of a block the indentation that they lack. Models often write a block without the
-- indentation of the lines to rewrite, or trim its first line alone. Which of both is decided from
-- the lines that have arrived, so more lines can change it. Pure.
local M = {}

local margin = require("chatvim.rewrite.margin")

--- What is known of a block's indentation.
---@class chatvim.Indentation
---@field range string the indentation that the lines to rewrite share
---@field context string[][] the lines to rewrite, and those around them
---@field step? string the smallest indentation in these, once it is needed
---@field selected string[] the lines to rewrite
---@field is_old? table<string, true> those lines
---@field margin chatvim.Margin which lines stand in column 0 as they should
---@field count integer lines so far
---@field top? integer index of the first line with text
---@field own? string its indentation
---@field lacks? string what it lacks; nil: no line with text yet
---@field all? string what every line lacks, if that is known from elsewhere
---@field deep? boolean the second line with text has the range's indentation; nil: no such line yet
---@field jumps? boolean and it is more than a step deeper than the first one
---@field second? integer width of its indentation
---@field breaks? boolean the first line has an opening word and goes on in the second one
---@field shallow? boolean the line below these has no more than the range's indentation; nil: none
---@field nested? boolean and it may be within the first one
---@field lists? boolean the first line ends with a comma: the second one may be another item
---@field is_list boolean the lines to rewrite are items, so it is
---@field leaves? boolean a later line has not the range's indentation
---@field closes? boolean a later line has no more than the first one
---@field moved integer how many more lines are old ones if all lack as much as the first one

--- Returns the indentation that all nonblank lines share.
---@param lines string[]
---@return string
function M.common(lines)
  local common
  for _, line in ipairs(lines) do
    local indent = line:match("^([ \t]*)%S")
    if indent and not common then
      common = indent
    elseif indent then
      local length = math.min(#common, #indent)
      while common:sub(1, length) ~= indent:sub(1, length) do
        length = length - 1
      end
      common = common:sub(1, length)
    end
  end
  return common or ""
end

--- Returns the smallest indentation of lines, without those in the middle of a C comment.
---@param lists string[][]
---@return string
local function smallest(lists)
  local found
  for _, lines in ipairs(lists) do
    for _, line in ipairs(lines) do
      local indent = line:match("^([ \t]+)[^%s*]")
      found = indent and #indent < #(found or line) and indent or found
    end
  end
  return found or ""
end

--- Whether the first two lines are items of a list, one below the other.
---@param lines string[]
---@return boolean
local function is_list(lines)
  local first, second = lines[1], lines[2]
  return second ~= nil
    and first:find(",%s*$") ~= nil
    and second:find("%S") ~= nil
    and first:match("^[ \t]*") == second:match("^[ \t]*")
end

--- Returns the smallest indentation of the range and the lines around it. That of many lines takes
--- some ms, so it waits until it is needed.
---@param state chatvim.Indentation
---@return string
local function step_of(state)
  state.step = state.step or smallest(state.context)
  return state.step
end

---@param range chatvim.Rewrite.Range
---@return chatvim.Indentation
function M.new(range)
  local common = M.common(range.lines)
  return {
    range = common,
    context = { range.above, range.lines, range.below },
    selected = range.lines,
    margin = margin.new(range, common),
    is_list = is_list(range.lines),
    count = 0,
    moved = 0,
  }
end

--- Returns what may be told of another line.
---@param state chatvim.Indentation
---@return chatvim.Indentation
function M.copy(state)
  local copy = vim.tbl_extend("force", {}, state)
  copy.margin = vim.tbl_extend("force", {}, state.margin)
  return copy
end

--- Words that begin a line which others are within, as in a language without braces.
local OPENING = {}
for word in
  (
    "begin case class def do elif else for foreach fn func function if impl match module repeat "
    .. "switch try unless until when while with"
  ):gmatch("%a+")
do
  OPENING[word] = true
end

--- Whether a line begins with such a word. In front of it may be one that makes it visible.
---@param line string
---@return boolean
local function has_opening_word(line)
  local rest = line:gsub("^%s*local%s+", ""):gsub("^%s*export%s+", ""):gsub("^default%s+", "")
  return OPENING[rest:match("^%s*(%a+)")] == true
end

--- Whether a statement goes on in the next line, where it often has two steps more.
---@param line string
---@return boolean
local function goes_on(line)
  return line:find("[(%[,=&|+\\?]%s*$") ~= nil
    or line:find("%f[%w]and%s*$") ~= nil
    or line:find("%f[%w]or%s*$") ~= nil
end

--- Whether a line may have the next one within it.
---@param line string
---@return boolean
local function opens(line)
  return (has_opening_word(line) and not line:find(";%s*$"))
    or line:find("[{(%[:,=&|+<>\\?]%s*$") ~= nil
    or line:find("%f[%w]do%s*$") ~= nil
    or line:find("%f[%w]then%s*$") ~= nil
end

--- Returns the selected lines as a set.
---@param state chatvim.Indentation
---@return table<string, true>
local function old_lines(state)
  if not state.is_old then
    state.is_old = {}
    for _, line in ipairs(state.selected) do
      state.is_old[line] = true
    end
  end
  return state.is_old
end

--- Takes account of the first line with text.
---@param state chatvim.Indentation
---@param line string
---@param own string its indentation
local function begin(state, line, own)
  local is_part = vim.startswith(state.range, own)
  state.top, state.own = state.count, own
  state.lacks = is_part and state.range:sub(#own + 1) or ""
  state.nested = opens(line)
  state.lists = line:find(",%s*$") ~= nil
  state.breaks = has_opening_word(line) and goes_on(line)
end

--- Takes account of the block's next line.
---@param state chatvim.Indentation
---@param line string
function M.add(state, line)
  state.count = state.count + 1
  local own = line:match("^([ \t]*)%S")
  if not own or state.all or margin.add(state.margin, line) then
    return
  elseif not state.lacks then
    return begin(state, line, own)
  elseif state.lacks == "" then
    return
  end
  local is_deep = vim.startswith(own, state.range)
  if state.deep == nil then
    state.deep = is_deep
    state.jumps = is_deep and #own - #state.own > #step_of(state)
    state.second = #own
    -- A line such as `.call()` continues the one above.
    state.nested = state.nested or line:find("^%s*[.?:&|+]") ~= nil
  end
  if state.shallow == nil and #own < state.second and not line:find("^%s*[%])}]") then
    state.shallow = #own <= #state.range
  end
  state.leaves = state.leaves or not is_deep
  state.closes = state.closes or #own <= #state.own
  local old = old_lines(state)
  state.moved = state.moved + (old[state.lacks .. line] and 1 or 0) - (old[line] and 1 or 0)
end

--- Whether the first line alone lacks indentation, as far as is known.
---@param state chatvim.Indentation
---@return boolean
local function is_first_alone(state)
  if not state.deep or state.closes or state.moved > 0 then
    return false
  end
  local is_nested = state.nested and not (state.lists and (state.is_list or state.moved < 0))
  local jumps = state.jumps and not (state.breaks and state.shallow)
  return jumps or not (state.leaves or is_nested)
end

--- Returns what the lines below the first one lack, as far as is known.
---@param state chatvim.Indentation
---@return string
function M.rest(state)
  return state.all or (is_first_alone(state) and "" or state.lacks or "")
end

--- Whether every line gets the same indentation, only because the first one has not that of the
--- lines to rewrite.
---@param state chatvim.Indentation
---@return boolean
function M.shifts_all(state)
  return not state.all and (state.lacks or "") ~= "" and not is_first_alone(state)
end

--- Returns a line with its indentation.
---@param state chatvim.Indentation that has been told of it
---@param line string
---@param index integer of the line in the block
---@return string
function M.fix(state, line, index)
  if not line:find("%S") or (not state.all and margin.holds(state.margin, line)) then
    return line
  end
  local is_top = index == state.top and not state.all
  return (is_top and state.lacks or M.rest(state)) .. line
end

return M
