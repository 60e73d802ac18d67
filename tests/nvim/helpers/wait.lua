-- SPDX-License-Identifier: Apache-2.0
-- Waiting for a condition, with a limit far above what a passing test needs.
local M = {}

--- Milliseconds; generous even for a slow and busy machine.
M.limit = 30000

--- Runs the event loop until `condition` returns a true value, and returns it. At the limit it
--- fails with an error that names `what`.
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
