-- SPDX-License-Identifier: Apache-2.0
-- Parses a line that consists of an image link, `![label](target)`, by the same rules as
-- src/document/embed.cpp. tests/data/embed-targets.json tests both.
local M = {}

local bare = require("chatvim.chat.lines").bare

--- Returns the position where a bracket opened before `from` closes, or nil.
---@param text string
---@param from integer
---@param open string
---@param close string
---@return integer?
local function closing(text, from, open, close)
  local special = ("[\\%%%s%%%s]"):format(open, close)
  local depth, at = 1, text:find(special, from)
  while at do
    local char = text:sub(at, at)
    if char == "\\" then
      at = at + 1
    elseif char == close then
      depth = depth - 1
      if depth == 0 then
        return at
      end
    else
      depth = depth + 1
    end
    at = text:find(special, at + 1)
  end
end

--- Whether a character is escaped, which means that an odd number of `\`s precedes it.
---@param text string
---@param at integer
---@return boolean
local function is_escaped(text, at)
  local start = at
  while text:byte(start - 1) == 92 do
    start = start - 1
  end
  return (at - start) % 2 == 1
end

--- Removes a title in quotes, which must follow white space, from the end of a text.
---@param text string
---@return string
local function without_title(text)
  local quote = text:match("[\"']$")
  if not quote or is_escaped(text, #text) then
    return text
  end
  for at = #text - 1, 2, -1 do
    if text:sub(at, at) == quote and not is_escaped(text, at) then
      return text:find("^[ \t]", at - 1) and bare(text:sub(1, at - 1)) or text
    end
  end
  return text
end

--- Returns the target in the text between the parentheses, or nil.
---@param inside string
---@return string?
local function parse_target(inside)
  local text = without_title(bare(inside:match("^[ \t]*(.*)$")))
  if text:sub(1, 1) ~= "<" then
    return M.is_paired(text) and M.unescape(text) or nil
  end
  -- An inner `<` makes it invalid.
  local rest = text:sub(2)
  local close = closing(rest, 1, ">", ">")
  local open = closing(rest, 1, "<", "<")
  return close == #rest and not open and M.unescape(rest:sub(1, -2)) or nil
end

--- Parses a line that consists of an embed, `![label](target)`.
---@param line string
---@return string? target
---@return string? label
function M.read(line)
  local text = bare(line):match("^ ? ? ?!%[(.*%))$")
  local close = text and closing(text, 1, "[", "]")
  if not close or text:sub(close + 1, close + 1) ~= "(" or is_escaped(text, #text) then
    return
  end
  local target = parse_target(text:sub(close + 2, -2))
  return target, target and M.unescape(text:sub(1, close - 1))
end

--- Returns the position of the opening parenthesis of an embed that is being typed, or nil.
---@param before string the line up to the cursor
---@return integer? at
function M.opening(before)
  local start = before:match("^ ? ? ?!%[()")
  local close = start and closing(before, start, "[", "]")
  if close and before:sub(close + 1, close + 1) == "(" then
    return close + 1
  end
end

--- Removes the `\`s that escape punctuation.
---@param text string
---@return string
function M.unescape(text)
  return (text:gsub("\\(%p)", "%1"))
end

--- Returns where a bracket opened before a text closes in it, or nil if it stays open.
---@param text string
---@param open string
---@param close string
---@return integer?
function M.closing(text, open, close)
  return closing(text, 1, open, close)
end

--- Whether the parentheses in a text are balanced, ignoring escaped ones.
---@param text string
---@return boolean
function M.is_paired(text)
  return closing(text .. ")", 1, "(", ")") == #text + 1
end

return M
