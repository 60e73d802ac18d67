-- SPDX-License-Identifier: Apache-2.0
-- The folder that the program is installed in: build/ in the plugin's folder.
local again = require("chatvim.install.again")

local M = {}

--- Returns the name of a file's owner.
---@param path string
---@return string?
local function owner(path)
  local stat = vim.uv.fs_stat(path)
  local users = io.open("/etc/passwd")
  local name
  for line in users and users:lines() or function() end do
    name = name or stat and line:match("^([^:]+):[^:]*:" .. stat.uid .. ":")
  end
  if users then
    users:close()
  end
  return name or stat and ("user %d"):format(stat.uid)
end

--- Returns advice for a folder that cannot be written to.
---@param root string
---@param folder string
---@param reason string the system's error message
---@return string
function M.refusal(root, folder, reason)
  local name = owner(folder)
  return ("chatvim: make %s writable for you%s, then run %s; the system's error is %s"):format(
    folder,
    name and (" (it belongs to %s)"):format(name) or "",
    again.command(root),
    (reason:match("^%u+: [^:]+") or reason)
  )
end

--- Creates build/. Raises an error that explains why nothing can be installed there.
---@param root string
function M.prepare(root)
  local made, err, code = vim.uv.fs_mkdir(root .. "/build", tonumber("755", 8))
  if not made and code ~= "EEXIST" then
    error(M.refusal(root, root, err --[[@as string]]), 0)
  end
  -- Whether build/ itself is writable turns out when the lock is created in it.
  local release = root .. "/build/release"
  if vim.uv.fs_stat(release) and not vim.uv.fs_access(release, "W") then
    error(M.refusal(root, release, "EACCES: permission denied"), 0)
  end
end

return M
