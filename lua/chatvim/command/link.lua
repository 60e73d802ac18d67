-- SPDX-License-Identifier: Apache-2.0
-- Links to a file in a chat's own folder.
local M = {}

--- Characters that make a link hard to read or ambiguous outside of `<…>`.
local ODD = "[%s()<>\"'\\%c]"

--- Returns the target of a link or an embed that leads to a file in the chat's folder.
---@param name string the file's name, without its folder
---@return string
function M.target(name)
  local path = name
  -- Otherwise it would be the home folder or an address.
  if path:find("^~") or path:find("^%a[%w+.-]*:") then
    path = "./" .. path
  end
  -- A `$` would begin a variable.
  if path:find("$", 1, true) then
    path = path:gsub("[%%$]", { ["%"] = "%25", ["$"] = "%24" })
  end
  return path:find(ODD) and ("<%s>"):format((path:gsub("[\\<>]", "\\%0"))) or path
end

--- Returns a link to a file in the chat's folder.
---@param name string the file's name
---@return string
function M.to(name)
  local text = name:gsub("[%[%]\\]", "\\%0")
  return ("[%s](%s)"):format(text, M.target(name))
end

return M
