-- SPDX-License-Identifier: Apache-2.0
local M = {}

--- Returns the value below which the given share of the sorted values lies.
---@param values number[]
---@param share number
---@return number
function M.quantile(values, share)
  local sorted = vim.list_slice(values, 1, #values)
  table.sort(sorted)
  return sorted[math.max(1, math.ceil(#sorted * share))] or 0 / 0
end

---@param values number[]
---@return number
function M.median(values)
  return M.quantile(values, 0.5)
end

return M
