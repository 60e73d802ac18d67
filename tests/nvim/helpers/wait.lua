-- SPDX-License-Identifier: Apache-2.0
-- Waiting for a condition, with a limit that no working test comes near.
local M = {}

--- Milliseconds; far more than anything needs on a slow and busy machine.
M.limit = 30000

--- Runs the event loop until `condition` gives something true, and gives that back. An error says
--- what was waited for.
---@generic R
---@param what string
---@param condition fun(): R?
---@param limit? integer milliseconds
---@return R
function M.until_true(what, condition, limit)
  local value
  vim.wait(limit or M.limit, function()
    value = condition()
    return value ~= nil and value ~= false
  end, 5)
  if value == nil or value == false then
    error("waited in vain for: " .. what, 2)
  end
  return value
end

return M
