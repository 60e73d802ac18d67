-- SPDX-License-Identifier: Apache-2.0
-- A chat and a file whose lines are quoted in it, for the tests of :ChatvimSend.
local case = require("helpers.case")
local files = require("helpers.system")

local M = {}

--- Starts a child with a hidden chat and a Lua file, which is the current buffer.
---@param chat_text string
---@param options? tests.ChildOptions
---@return tests.Child
---@return integer chat
function M.start(chat_text, options)
  local child = case.child(options)
  local chat = child:chat(chat_text)
  M.open(child, "src/main.lua", "local a = 1\nlocal b = 2\nlocal c = 3\n")
  return child, chat
end

--- Writes `text` to a file in the child's folder and opens it.
---@param child tests.Child
---@param name string
---@param text string
---@return integer buf
function M.open(child, name, text)
  local path = child.folder .. "/" .. name
  vim.fn.mkdir(vim.fs.dirname(path), "p")
  files.write(path, text)
  child:command("edit " .. vim.fn.fnameescape(path))
  return child:api("nvim_get_current_buf")
end

--- Returns a quote as it is written to a chat.
---@param label string
---@param filetype string
---@param text string
---@return string
function M.text(label, filetype, text)
  return ("%s\n```%s\n%s\n```\n\n"):format(label, filetype, text)
end

return M
