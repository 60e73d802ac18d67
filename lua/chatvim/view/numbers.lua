-- SPDX-License-Identifier: Apache-2.0
-- Formats numbers for display.
local M = {}

--- Formats a price in dollars, with more digits for tiny amounts.
---@param price number
---@return string
function M.price(price)
  if price > 0 and price < 0.0001 then
    return "< $0.0001"
  end
  return (price < 1 and "$%.4f" or "$%.2f"):format(price)
end

--- Formats an integer with commas, such as 12,300.
---@param number integer
---@return string
function M.count(number)
  local digits = ("%d"):format(number):reverse():gsub("(%d%d%d)", "%1,")
  return (digits:reverse():gsub("^,", ""))
end

--- Abbreviates a count, such as 400K or 1.05M.
---@param count integer
---@return string
function M.short(count)
  -- 999,500 and more would round to 1000K.
  if count >= 999500 then
    return ("%.2f"):format(count / 1e6):gsub("%.?0+$", "") .. "M"
  elseif count >= 1000 then
    return ("%.0fK"):format(count / 1e3)
  end
  return ("%d"):format(count)
end

--- Formats a count with its noun, such as "1 line" or "12,300 lines".
---@param number integer
---@param thing string
---@return string
function M.things(number, thing)
  return ("%s %s%s"):format(M.count(number), thing, number == 1 and "" or "s")
end

return M
