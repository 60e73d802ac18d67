-- SPDX-License-Identifier: Apache-2.0
-- Numbers as a person reads them.
local M = {}

--- Dollars, exact enough for what costs next to nothing.
---@param price number
---@return string
function M.price(price)
  if price > 0 and price < 0.0001 then
    return "< $0.0001"
  end
  return (price < 1 and "$%.4f" or "$%.2f"):format(price)
end

--- A whole number with commas, such as 12,300.
---@param number integer
---@return string
function M.count(number)
  local digits = ("%d"):format(number):reverse():gsub("(%d%d%d)", "%1,")
  return (digits:reverse():gsub("^,", ""))
end

--- A count in short, such as 400K or 1.05M.
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

--- A number of things, such as "1 line" or "12,300 lines".
---@param number integer
---@param thing string
---@return string
function M.things(number, thing)
  return ("%s %s%s"):format(M.count(number), thing, number == 1 and "" or "s")
end

--- A size, such as "812 bytes", "3.4 kB" or "20 MB".
---@param bytes integer
---@return string
function M.bytes(bytes)
  if bytes < 1000 then
    return M.things(bytes, "byte")
  end
  local value, unit = bytes / 1e3, "kB"
  -- What would be rounded to 1000 kB is 1 MB.
  if value >= 999.5 then
    value, unit = bytes / 1e6, "MB"
  end
  return ((value < 9.95 and "%.1f %s" or "%.0f %s"):format(value, unit):gsub("%.0 ", " "))
end

return M
