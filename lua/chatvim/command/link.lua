-- SPDX-License-Identifier: Apache-2.0
-- The targets of links and embeds in a chat.
local M = {}

--- Characters that make a link hard to read or ambiguous outside of `<…>`.
local ODD = "[%s()<>\"'\\%c]"

--- Writes a path as the target of a link. In `<…>` it may hold anything.
---@param path string
---@return string
function M.quoted(path)
  return path:find(ODD) and ("<%s>"):format((path:gsub("[\\<>]", "\\%0"))) or path
end

--- Returns the path of a file for a chat: relative to the chat's folder if the file is below that.
---@param file string absolute
---@param chat string the chat's path
---@return string path not quoted; a `$`, which would begin a variable, is written as an escape
function M.path(file, chat)
  local folder = vim.fs.dirname(chat) .. "/"
  local path = vim.fn.fnamemodify(file, ":~")
  if vim.startswith(file, folder) then
    path = file:sub(#folder + 1)
    -- Otherwise it would be the home folder or an address.
    if path:find("^~") or path:find("^%a[%w+.-]*:") then
      path = "./" .. path
    end
  end
  return path:find("$", 1, true) and path:gsub("[%%$]", { ["%"] = "%25", ["$"] = "%24" }) or path
end

--- Returns the target of a link or an embed that leads to a file.
---@param file string absolute
---@param chat string the chat's path
---@return string
function M.target(file, chat)
  return M.quoted(M.path(file, chat))
end

--- Returns a link to a file whose text is the file's name.
---@param file string absolute
---@param chat string the chat's path
---@return string
function M.to(file, chat)
  local text = vim.fs.basename(file):gsub("[%[%]\\]", "\\%0")
  return ("[%s](%s)"):format(text, M.target(file, chat))
end

return M
