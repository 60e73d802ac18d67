-- SPDX-License-Identifier: Apache-2.0
-- A chat in a folder of files that its embeds can name, for the tests of gf.
local case = require("helpers.case")
local system = require("helpers.system")

local M = {}

--- The text of each file in the chat's folder.
M.text = "1\n2\n3\n4\n5\n6\n"

--- Starts a child with a chat in its own folder, and a different working folder that has files of
--- the same names.
---@param line string|string[] of the chat, where the cursor is
---@param options? tests.ChildOptions
---@return tests.Child
function M.start(line, options)
  local child = case.child(options)
  vim.fn.mkdir(child.folder .. "/chats/notes/more", "p")
  for path, text in pairs({
    ["chats/a.txt"] = M.text,
    ["chats/my file (1).txt"] = M.text,
    ["chats/notes/b.md"] = M.text,
    ["chats/notes/c.md"] = M.text,
    ["chats/notes/more/d.md"] = M.text,
    ["a.txt"] = "of the working folder\n",
  }) do
    system.write(child.folder .. "/" .. path, text)
  end
  child:command("cd " .. vim.fn.fnameescape(child.folder))
  local lines = vim.islist(line) and line or { line }
  child:chat(
    "# === USER ===\n\n" .. table.concat(lines --[[@as string[] ]], "\n") .. "\n",
    "chats/chat.md"
  )
  child:lua("vim.fn.setreg('\"', 'kept')")
  return child
end

--- Returns the current file of a child, relative to its folder, and the cursor's line.
---@param child tests.Child
---@return { [1]: string, [2]: integer }
function M.where(child)
  local name = child:api("nvim_buf_get_name", 0)
  child.folder = vim.uv.fs_realpath(child.folder)
  if vim.startswith(name, child.folder .. "/") then
    name = name:sub(#child.folder + 2)
  end
  return { name, child:lua("return vim.fn.line('.')") }
end

return M
