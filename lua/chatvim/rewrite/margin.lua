-- SPDX-License-Identifier: Apache-2.0
-- Knows lines that stand in column 0 within indented code: directives of a preprocessor or of make,
-- and labels. They say nothing about the indentation of the other lines. Pure.
local M = {}

--- What is known of a block's lines in column 0.
---@class chatvim.Margin
---@field is_make boolean it may be a makefile: the lines to rewrite begin with tabs
---@field is_indented? boolean directives are indented there, as in a comment about them
---@field is_c? boolean statements end with a semicolon, so a word with a colon is a label
---@field context string[][] the lines to rewrite, and those around them
---@field range string the indentation that the lines to rewrite share
---@field selected string[] the lines to rewrite
---@field conditions? boolean a condition of make has begun

---@param words string
---@return table<string, true>
local function set_of(words)
  local set = {}
  for word in words:gmatch("%a+") do
    set[word] = true
  end
  return set
end

--- Words after `#`; in most other languages a comment has a space there.
local DIRECTIVES = set_of(
  "define elif elifdef elifndef else endif endregion error if ifdef ifndef include line pragma "
    .. "region undef warning"
)

--- Words of make that have an argument, and that end what these begin.
local MAKE = set_of("ifdef ifndef ifeq ifneq")
local MAKE_ENDS = set_of("else endif")

--- Words before a colon that are no label.
local CASES = set_of("default else finally try except do")

---@param lists string[][]
---@param pattern string
---@return boolean
local function has(lists, pattern)
  for _, lines in ipairs(lists) do
    for _, line in ipairs(lines) do
      if line:find(pattern) then
        return true
      end
    end
  end
  return false
end

--- Whether directives are indented. Looks at all lines to rewrite, once.
---@param margin chatvim.Margin
---@return boolean
local function indents(margin)
  if margin.is_indented == nil then
    margin.is_indented = has({ margin.selected }, "^[ \t]+#%l")
  end
  return margin.is_indented
end

--- Whether statements end with a semicolon. Looks at all lines, once.
---@param margin chatvim.Margin
---@return boolean
local function has_statements(margin)
  if margin.is_c == nil then
    margin.is_c = has(margin.context, ";%s*$")
  end
  return margin.is_c
end

---@param range chatvim.Rewrite.Range
---@param indent string the indentation that its lines share
---@return chatvim.Margin
function M.new(range, indent)
  return {
    is_make = vim.startswith(indent, "\t"),
    context = { range.lines, range.above, range.below },
    range = indent,
    selected = range.lines,
  }
end

--- Whether a line is a directive that keeps column 0.
---@param margin chatvim.Margin
---@param line string
---@return boolean
function M.holds(margin, line)
  local word, argument = line:match("^(%l+)%f[%W]%s*(.*)$")
  if margin.is_make and word and MAKE[word] then
    return argument:find("^[%w(\"'$_]") ~= nil
  elseif margin.is_make and word and MAKE_ENDS[word] then
    return margin.conditions == true
  end
  local directive = line:match("^#(%l+)%f[%W]")
  return directive ~= nil and DIRECTIVES[directive] == true and not indents(margin)
end

--- Whether a line without indentation is a label. Whether it keeps column 0, other lines tell.
---@param margin chatvim.Margin
---@param line string
---@return boolean
local function is_label(margin, line)
  local word = line:match("^([%a_][%w_]*):%s*$")
  return word ~= nil
    and has_statements(margin)
    and not CASES[word]
    and not vim.tbl_contains(margin.selected, margin.range .. line)
end

--- Adds a line of the block. Returns whether it says nothing about the others' indentation.
---@param margin chatvim.Margin changed
---@param line string
---@return boolean
function M.add(margin, line)
  local word = margin.is_make and line:match("^(%l+)%s")
  margin.conditions = margin.conditions or (word and MAKE[word]) or nil
  return M.holds(margin, line) or is_label(margin, line)
end

return M
