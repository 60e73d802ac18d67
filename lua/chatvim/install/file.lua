-- SPDX-License-Identifier: Apache-2.0
-- Reading files.
local M = {}

--- Returns the bytes of a file, or nil if it cannot be read.
---@param path string
---@return string?
function M.read(path)
  local file = io.open(path, "rb")
  local text = file and file:read("*a")
  if file then
    file:close()
  end
  return text
end

return M
