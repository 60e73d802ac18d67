-- SPDX-License-Identifier: Apache-2.0
-- Reads a line that is an image link and nothing else, `![label](target)`: the same reading as in
-- src/document/embed.cpp, which tests/data/embed-targets.json holds it against.
local M = {}

local bare = require("chatvim.chat.lines").bare

--- Where a bracket closes that is open before `from`.
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

--- Whether a character has lost its meaning: an odd number of `\`s is before it.
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

--- The text before a title in quotes, which white space parts from it.
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

--- The target in what stands between the parentheses.
---@param inside string
---@return string?
local function parse_target(inside)
  local text = without_title(bare(inside:match("^[ \t]*(.*)$")))
  if text:sub(1, 1) ~= "<" then
    return M.is_paired(text) and M.unescape(text) or nil
  end
  -- An inner `<` makes it none.
  local rest = text:sub(2)
  local close = closing(rest, 1, ">", ">")
  local open = closing(rest, 1, "<", "<")
  return close == #rest and not open and M.unescape(rest:sub(1, -2)) or nil
end

--- The target of a line that is an embed, `![label](target)` alone on it.
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

--- Where the parenthesis of an embed opens that is being written.
---@param before string the line up to the cursor
---@return integer? at
function M.opening(before)
  local start = before:match("^ ? ? ?!%[()")
  local close = start and closing(before, start, "[", "]")
  if close and before:sub(close + 1, close + 1) == "(" then
    return close + 1
  end
end

--- Text without the `\`s that take the meaning from a punctuation character.
---@param text string
---@return string
function M.unescape(text)
  return (text:gsub("\\(%p)", "%1"))
end

--- Where a bracket closes that is open before a text; nothing where it is still open at its end.
---@param text string
---@param open string
---@param close string
---@return integer?
function M.closing(text, open, close)
  return closing(text, 1, open, close)
end

--- True where the parentheses in a text pair, those that have lost their meaning aside.
---@param text string
---@return boolean
function M.is_paired(text)
  return closing(text .. ")", 1, "(", ")") == #text + 1
end

return M
