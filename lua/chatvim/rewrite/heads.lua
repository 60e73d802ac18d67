-- SPDX-License-Identifier: Apache-2.0
-- Finds how many of the lines above the lines to rewrite a block begins with. Pure.
local M = {}

--- The last `count` lines above, which the block's lines so far may be.
---@class chatvim.Head
---@field count integer
---@field top? integer index of the first one with text
---@field first? string what the block's line lacks of the indentation of that one; nil: none yet
---@field rest? string what its other lines lack of theirs; nil: none yet

--- What may be the head of a block.
---@class chatvim.Heads
---@field above string[] the last one is the nearest
---@field selected? string the first line with text of those to rewrite
---@field lines string[] the block's lines so far
---@field matching chatvim.Head[] in the order of `count`

---@param line string
---@return string
local function indent_of(line)
  return line:match("^[ \t]*")
end

--- Returns the first line with text.
---@param lines string[]
---@param from? integer index
---@return string?
function M.first_text(lines, from)
  for index = from or 1, #lines do
    if lines[index]:find("%S") then
      return lines[index]
    end
  end
end

--- Starts to look for the head of a block.
---@param range chatvim.Rewrite.Range
---@return chatvim.Heads
function M.new(range)
  local matching = {}
  for count = 1, #range.above do
    matching[count] = { count = count }
  end
  return {
    above = range.above,
    selected = M.first_text(range.lines),
    lines = {},
    matching = matching,
  }
end

--- Returns the indentation that a line of the block lacks if it repeats a line of the file.
---@param line string
---@param original string
---@return string?
function M.lacks(line, original)
  local own, wanted = indent_of(line), indent_of(original)
  if vim.trim(line) ~= vim.trim(original) then
    return nil
  elseif not line:find("%S") then
    return ""
  end
  return vim.endswith(wanted, own) and wanted:sub(1, #wanted - #own) or nil
end

--- Whether the block's next line is that of a head. All lines lack the same indentation, or the
--- first one alone lacks some.
---@param head chatvim.Head changed
---@param line string
---@param original string
---@param index integer of that one
---@return boolean
local function continues(head, line, original, index)
  local lacks = M.lacks(line, original)
  if not lacks or not line:find("%S") then
    return lacks ~= nil
  elseif not head.first then
    head.first, head.top = lacks, index
    return true
  end
  local fits = lacks == (head.rest or head.first) or (not head.rest and lacks == "")
  head.rest = head.rest or lacks
  return fits
end

--- Adds a line of the block.
---@param heads chatvim.Heads
---@param line string
function M.add(heads, line)
  local lines, kept = heads.lines, {}
  lines[#lines + 1] = line
  local is_own = #lines == 1 and heads.selected and vim.trim(line) == vim.trim(heads.selected)
  for _, head in ipairs(is_own and {} or heads.matching) do
    local index = #heads.above - head.count + #lines
    local original = heads.above[index]
    if not original or continues(head, line, original, index) then
      kept[#kept + 1] = head
    end
  end
  heads.matching = kept
end

--- Whether a line is a comment, or says something about the lines below it, such as `@test`.
---@param line string
---@return boolean
local function is_note(line)
  return line:find("^%s*[@#%%;*]") ~= nil
    or line:find("^%s*//") ~= nil
    or line:find("^%s*/%*") ~= nil
    or line:find("^%s*%-%-") ~= nil
    or line:find("^%s*<!%-%-") ~= nil
end

--- Whether a line may be a new version of another one: both begin with the same word.
---@param line? string
---@param old? string
---@return boolean
local function is_version(line, old)
  local word = line and line:match("^%s*([%w_]+)")
  return word ~= nil and old ~= nil and old:match("^%s*([%w_]+)") == word
end

--- Whether a head is enough to tell that the block repeats the lines above: a line that encloses
--- the lines to rewrite, a comment above their first line, or four different lines; if those to
--- rewrite are blank, lines of two indentations. Fewer may be meant: "do that once more".
---@param heads chatvim.Heads
---@param head chatvim.Head
---@return boolean
local function is_telling(heads, head)
  local words, are_notes, seen = 0, true, {}
  local depth, is_deep
  for index = head.top, #heads.above do
    local line = heads.above[index]
    if line:find("%w") then
      words = words + (seen[line] and 0 or 1)
      seen[line] = true
      depth = depth or #indent_of(line)
      is_deep = is_deep or #indent_of(line) ~= depth
      if heads.selected and #indent_of(line) < #indent_of(heads.selected) then
        return true
      end
    end
    are_notes = are_notes and is_note(line)
  end
  local is_above = is_version(heads.lines[head.count + 1], heads.selected)
  return words > 3
    or (words > 0 and are_notes and is_above)
    or (heads.selected == nil and is_deep == true)
end

--- Decides which lines above the block begins with.
---@param heads chatvim.Heads
---@param is_all boolean the block has no further lines
---@return boolean decided
---@return chatvim.Head? found
function M.decide(heads, is_all)
  local found
  for _, head in ipairs(heads.matching) do
    local has_more = M.first_text(heads.lines, head.count + 1) ~= nil
    if not has_more and not is_all then
      return false
    elseif has_more and head.first and is_telling(heads, head) then
      found = head
    end
  end
  return true, found
end

--- Returns what the block's lines below its head lack of the indentation of the file.
---@param heads chatvim.Heads
---@param head chatvim.Head
---@return string
function M.indent(heads, head)
  if head.rest or head.first == "" then
    return head.rest or ""
  end
  -- Perhaps the head alone lacks some: then the next line has that of the lines to rewrite.
  local next_line = M.first_text(heads.lines, head.count + 1) or ""
  local column = #indent_of(next_line)
  local is_right = column > #indent_of(heads.above[head.top])
  if heads.selected then
    is_right = column >= #indent_of(heads.selected)
  end
  return is_right and "" or head.first
end

--- Whether a head is one line with text that encloses the lines to rewrite.
---@param heads chatvim.Heads
---@param head chatvim.Head
---@return boolean
function M.encloses(heads, head)
  local line = heads.above[head.top]
  return not M.first_text(heads.above, head.top + 1)
    and heads.selected ~= nil
    and #indent_of(line) < #indent_of(heads.selected)
end

--- Returns which of the block's lines encloses the lines to rewrite, if the last one with text of
--- the head does, and the width of its indentation in the file.
---@param heads chatvim.Heads
---@param head chatvim.Head
---@return integer? index
---@return integer? depth
function M.enclosing(heads, head)
  for index = #heads.above, head.top or math.huge, -1 do
    local line = heads.above[index]
    local depth = #indent_of(line)
    if line:find("%S") then
      local is_less = heads.selected and depth < #indent_of(heads.selected)
      return is_less and head.count - #heads.above + index or nil, depth
    end
  end
end

--- Whether lines are the same but for an indentation that all of them lack.
---@param lines string[]
---@param old string[]
---@return boolean
function M.is_same(lines, old)
  local lacks
  for index = 1, math.max(#lines, #old) do
    local line, original = lines[index], old[index]
    local shift = line and original and M.lacks(line, original)
    if not shift or (lacks and line:find("%S") and shift ~= lacks) then
      return false
    end
    lacks = line:find("%S") and shift or lacks
  end
  return true
end

return M
