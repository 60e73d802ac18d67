-- SPDX-License-Identifier: Apache-2.0
-- Gives a block the tabs of the file: models often write spaces where the file has tabs. Pure.
local M = {}

--- Whether no line is indented by spaces, and at least one by a tab. A line of a C comment, which
--- begins with a space and an asterisk, is left out of account.
---@param lists string[][]
---@return boolean
local function has_tabs_only(lists)
  local has_tabs = false
  for _, lines in ipairs(lists) do
    for _, line in ipairs(lines) do
      if line:find("^ +[^%s*]") then
        return false
      end
      has_tabs = has_tabs or line:find("^\t+%S") ~= nil
    end
  end
  return has_tabs
end

---@param left integer
---@param right integer
---@return integer
local function common_divisor(left, right)
  while right ~= 0 do
    left, right = right, left % right
  end
  return left
end

--- Returns how many spaces a block has for a tab; nil: it has tabs, or nothing is indented.
---@param block string[]
---@return integer?
local function step_of(block)
  local divisor, least = 0, math.huge
  for _, line in ipairs(block) do
    local spaces = line:match("^( *)[^%s*]")
    if line:find("^ *\t") then
      return nil
    elseif spaces and spaces ~= "" then
      divisor, least = common_divisor(divisor, #spaces), math.min(least, #spaces)
    end
  end
  -- A line that is aligned with something above it leaves no common divisor.
  local step = divisor > 1 and divisor or least
  return step > 1 and step < math.huge and step or nil
end

--- Returns a block with tabs, or nil if it has to stay as it is.
---@param block string[]
---@param range chatvim.Rewrite.Range
---@return string[]?
function M.convert(block, range)
  -- In most files one of the first lines answers this.
  local step = has_tabs_only({ range.above, range.lines, range.below }) and step_of(block)
  if not step then
    return nil
  end
  local converted = {}
  for index, line in ipairs(block) do
    local spaces = #line:match("^ *")
    local tabs = math.floor(spaces / step)
    converted[index] = ("\t"):rep(tabs) .. line:sub(tabs * step + 1)
  end
  return converted
end

return M
