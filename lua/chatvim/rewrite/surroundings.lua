-- SPDX-License-Identifier: Apache-2.0
-- Leaves out of an answer what stands around the lines to rewrite. Models are asked for the new
-- lines only, but some also repeat the head of the function above them, and its end below.
local M = {}

--- The lines around the lines to rewrite, and the block's lines that are held back because they
--- may repeat some of them.
---@class chatvim.Surroundings
---@field above string[] the last one is the nearest
---@field below string[] the first one is the nearest
---@field selected string[] the lines to rewrite
---@field indent? string if the block begins with lines above: what its lines lack of theirs
---@field held string[]
---@field decided boolean whether the block begins with lines above is known

---@param range chatvim.Rewrite.Range
---@return chatvim.Surroundings
function M.new(range)
  return {
    above = range.above,
    below = range.below,
    selected = range.lines,
    held = {},
    decided = false,
  }
end

---@param line string
---@return string
local function indent_of(line)
  return line:match("^[ \t]*")
end

---@param lines string[]
---@return string?
local function first_text(lines)
  for _, line in ipairs(lines) do
    if line:find("%S") then
      return line
    end
  end
end

--- Returns the indentation that a line of the block lacks if it repeats a line of the file.
---@param line string
---@param original string
---@return string?
local function shift_between(line, original)
  local own, wanted = indent_of(line), indent_of(original)
  local is_same = vim.trim(line) == vim.trim(original) and vim.endswith(wanted, own)
  return is_same and wanted:sub(1, #wanted - #own) or nil
end

--- Whether the block's lines so far are the first ones of the `count` lines above.
---@param surroundings chatvim.Surroundings
---@param count integer
---@return boolean
---@return string? shift the indentation that they lack; nil if all are blank
local function matches_above(surroundings, count)
  local above, shift = surroundings.above, nil
  for index = 1, math.min(count, #surroundings.held) do
    local line, original = surroundings.held[index], above[#above - count + index]
    local lacks = shift_between(line, original)
    if not lacks or (line:find("%S") and lacks ~= (shift or lacks)) then
      return false
    end
    shift = line:find("%S") and lacks or shift
  end
  return true, shift
end

--- Whether the last lines above are enough to tell that the block repeats them: two lines with
--- words, or one that encloses the lines to rewrite.
---@param surroundings chatvim.Surroundings
---@param count integer
---@return boolean
local function are_telling(surroundings, count)
  local above = surroundings.above
  local selected = first_text(surroundings.selected)
  local words = 0
  for index = #above - count + 1, #above do
    local line = above[index]
    if line:find("%w") then
      words = words + 1
      if selected and #indent_of(line) < #indent_of(selected) then
        return true
      end
    end
  end
  return words > 1
end

--- Decides whether the block begins with lines above, and drops these.
---@param surroundings chatvim.Surroundings
---@param is_all boolean the block has no further lines
local function decide(surroundings, is_all)
  local held = surroundings.held
  local selected = first_text(surroundings.selected)
  local is_own = selected ~= nil and vim.trim(held[1]) == vim.trim(selected)
  local found, indent
  for count = 1, is_own and 0 or #surroundings.above do
    local matches, shift = matches_above(surroundings, count)
    if matches and #held <= count and not is_all then
      return
    elseif matches and shift and #held > count and are_telling(surroundings, count) then
      found, indent = count, shift
    end
  end
  surroundings.decided, surroundings.indent = true, indent
  surroundings.held = found and vim.list_slice(held, found + 1) or held
end

---@param surroundings chatvim.Surroundings
---@param count integer
---@return boolean
local function ends_with_below(surroundings, count)
  local held = surroundings.held
  for index = 1, count do
    local line = held[#held - count + index]
    if vim.trim(line) ~= "" or surroundings.below[index]:find("%S") then
      if shift_between(line, surroundings.below[index]) ~= surroundings.indent then
        return false
      end
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
  if #below == 0 or last == below[1] then
    return 0
  end
  for count = math.min(#surroundings.held, #below), 1, -1 do
    if ends_with_below(surroundings, count) then
      return count
    end
  end
  return 0
end

--- Takes the held lines but for so many at their end.
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
  table.insert(surroundings.held, line)
  if not surroundings.decided then
    decide(surroundings, false)
  end
  return surroundings.decided and take(surroundings, count_below(surroundings)) or {}
end

--- Ends the block. Returns the rest of its new text.
---@param surroundings chatvim.Surroundings
---@return string[]
function M.finish(surroundings)
  if not surroundings.decided and #surroundings.held > 0 then
    decide(surroundings, true)
  end
  local count = count_below(surroundings)
  local is_blank =
    not table.concat(surroundings.held, "", #surroundings.held - count + 1):find("%S")
  return take(surroundings, is_blank and 0 or count)
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
