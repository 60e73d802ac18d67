-- SPDX-License-Identifier: Apache-2.0
-- Leaves out of an answer what stands around the lines to rewrite. Models are asked for the new
-- lines only, but some also repeat the head of the function above them, and its end below.
local M = {}

local heads = require("chatvim.rewrite.heads")

--- The lines around the lines to rewrite, and the block's lines that are held back because they
--- may repeat some of them.
---@class chatvim.Surroundings
---@field above string[] the last one is the nearest
---@field below string[] the first one is the nearest
---@field selected string[] the lines to rewrite
---@field head chatvim.Heads the lines above that the block may begin with
---@field found? chatvim.Head those that it begins with
---@field indent? string if it begins with lines above: what its other lines lack of theirs
---@field block string[] all of its lines
---@field held string[]
---@field former? chatvim.Surroundings.Former
---@field decided boolean whether the block begins with lines above is known

--- How a block began that the user has edited since.
---@class chatvim.Surroundings.Former
---@field line? string the first one with text below lines above
---@field indent string what it and the others lacked

--- Returns how a block began, if with lines above.
---@param surroundings chatvim.Surroundings
---@return chatvim.Surroundings.Former?
local function beginning(surroundings)
  local found, indent = surroundings.found, surroundings.indent
  if found and indent then
    return { line = heads.first_text(surroundings.block, found.count + 1), indent = indent }
  end
  return surroundings.former
end

---@param range chatvim.Rewrite.Range
---@param old? chatvim.Surroundings of the same answer, or an earlier one
---@return chatvim.Surroundings
function M.new(range, old)
  return {
    above = range.above,
    below = range.below,
    selected = range.lines,
    head = heads.new(range),
    block = {},
    held = {},
    former = old and beginning(old),
    decided = false,
  }
end

--- Starts to read the same block again, with other indentation.
---@param old chatvim.Surroundings
---@param range chatvim.Rewrite.Range
---@return chatvim.Surroundings
function M.again(old, range)
  local surroundings = M.new(range)
  surroundings.former = old.former
  return surroundings
end

--- Decides whether the block begins with lines above, and drops these.
---@param surroundings chatvim.Surroundings
---@param is_all boolean the block has no further lines
local function decide(surroundings, is_all)
  local decided, found = heads.decide(surroundings.head, is_all)
  if decided then
    surroundings.decided, surroundings.found = true, found
  end
  local former = surroundings.former
  if decided and not found and former and heads.first_text(surroundings.held) == former.line then
    -- The user has deleted the lines above; those below are left out still.
    surroundings.indent = former.indent
  elseif found then
    surroundings.indent = heads.indent(surroundings.head, found)
    surroundings.held = vim.list_slice(surroundings.held, found.count + 1)
  end
end

---@param surroundings chatvim.Surroundings
---@param count integer
---@return boolean
local function ends_with_below(surroundings, count)
  local held = surroundings.held
  for index = 1, count do
    local line, original = held[#held - count + index], surroundings.below[index]
    local lacks = heads.lacks(line, original)
    if not lacks or (line:find("%S") and lacks ~= surroundings.indent) then
      return false
    end
  end
  return true
end

--- Returns how many of the held lines may repeat the lines below.
---@param surroundings chatvim.Surroundings
---@return integer
local function count_below(surroundings)
  if not surroundings.indent then
    return 0
  end
  local below = surroundings.below
  local last = surroundings.selected[#surroundings.selected]
  -- The block's own last line may be such a line.
  if #below == 0 or (last == below[1] and last:find("%S")) then
    return 0
  end
  for count = math.min(#surroundings.held, #below), 1, -1 do
    if ends_with_below(surroundings, count) then
      return count
    end
  end
  return 0
end

--- Removes and returns the held lines, except for the last `keep` ones.
---@param surroundings chatvim.Surroundings
---@param keep integer
---@return string[]
local function take(surroundings, keep)
  local held = surroundings.held
  surroundings.held = vim.list_slice(held, #held - keep + 1)
  return vim.list_slice(held, 1, #held - keep)
end

--- Adds a line of the block. Returns the lines that are certain to be new text.
---@param surroundings chatvim.Surroundings
---@param line string
---@return string[]
function M.add(surroundings, line)
  table.insert(surroundings.block, line)
  table.insert(surroundings.held, line)
  if not surroundings.decided then
    heads.add(surroundings.head, line)
    decide(surroundings, false)
  end
  return surroundings.decided and take(surroundings, count_below(surroundings)) or {}
end

--- Whether the block wraps the lines to rewrite in lines like those around them: it has all of
--- them as they are, so it changes nothing otherwise.
---@param surroundings chatvim.Surroundings
---@param below integer how many lines at its end are as below
---@return boolean
local function is_wrapper(surroundings, below)
  local block, found = surroundings.block, surroundings.found
  if not found or not heads.encloses(surroundings.head, found) or below == 0 then
    return false
  end
  local own = vim.list_slice(block, found.count + 1, #block - below)
  return heads.is_same(own, surroundings.selected)
end

--- Whether a line ends something that has several lines, and begins nothing else.
---@param line string
---@return boolean
local function only_closes(line)
  local closes = line:find("^%s*[%]})]") or line:find("^%s*</")
  local word = line:match("^%s*(%a+)%f[%W]")
  local ends = word == "end" or word == "fi" or word == "done" or word == "esac"
  return (ends or closes ~= nil) and not line:find("[%[{(]%s*$") and not line:find("%f[%w]do%s*$")
end

--- Returns the block from the line on that encloses the lines to rewrite if the block ends that
--- line's text too. Below is another end of it, so without its head the block would be one half.
---@param surroundings chatvim.Surroundings
---@return string[]?
local function complete(surroundings)
  local block, found = surroundings.block, surroundings.found
  local start, depth
  if found then
    start, depth = heads.enclosing(surroundings.head, found)
  end
  for index = start and found.count + 1 or #block + 1, #block do
    local indent = #block[index]:match("^[ \t]*") + #surroundings.indent
    if indent <= depth and only_closes(block[index]) then
      return vim.list_slice(block, start)
    end
  end
end

--- Ends the block. Returns the rest of its new text.
---@param surroundings chatvim.Surroundings
---@return string[]
---@return boolean is_whole it is all of the new text, and replaces what was taken before
function M.finish(surroundings)
  if not surroundings.decided and #surroundings.held > 0 then
    decide(surroundings, true)
  end
  local count = count_below(surroundings)
  local is_blank =
    not table.concat(surroundings.held, "", #surroundings.held - count + 1):find("%S")
  count = is_blank and 0 or count
  if is_wrapper(surroundings, count) then
    surroundings.indent, surroundings.held = nil, {}
    return surroundings.block, true
  end
  local whole = count == 0 and complete(surroundings)
  if whole then
    surroundings.indent, surroundings.held = nil, {}
    return whole, true
  end
  return take(surroundings, count), false
end

--- Whether the beginning of the block's next line is certain to be new text.
---@param surroundings chatvim.Surroundings
---@param part string
---@return boolean
function M.is_new(surroundings, part)
  if #surroundings.held > 0 then
    return false
  end
  part = vim.trim(part)
  local old = surroundings.above
  if surroundings.decided then
    old = surroundings.indent and { surroundings.below[1] } or {}
  end
  for _, line in ipairs(old) do
    if vim.startswith(vim.trim(line), part) then
      return false
    end
  end
  return true
end

return M
