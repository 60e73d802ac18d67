-- SPDX-License-Identifier: Apache-2.0
-- Files and processes.
local M = {}

--- Writes a file in binary mode.
---@param path string
---@param text string
function M.write(path, text)
  local file = assert(io.open(path, "wb"))
  assert(file:write(text))
  file:close()
end

--- Reads a file in binary mode.
---@param path string
---@return string
function M.read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

--- Whether a process exists and is not a zombie.
---@param pid integer
---@return boolean
function M.is_alive(pid)
  if vim.uv.kill(pid, 0) ~= 0 then
    return false
  end
  local stat = io.open(("/proc/%d/stat"):format(pid))
  if not stat then
    return vim.uv.fs_stat("/proc/self/stat") == nil
  end
  local state = (stat:read("*a") or ""):match("^.*%) (%S)")
  stat:close()
  return state ~= "Z" and state ~= nil
end

return M
