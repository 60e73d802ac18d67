-- SPDX-License-Identifier: Apache-2.0
-- Reasons why a buffer cannot take an answer or an edit now, as messages for the user.
local M = {}

local api = vim.api
local state = require("chatvim.chat.state")
local unfit = require("chatvim.view.unfit")

--- Returns why a buffer cannot be edited as a chat, or nil if it can.
---@param buf integer
---@return string?
function M.of_edit(buf)
  local in_command_window = buf == api.nvim_get_current_buf() and unfit.command_window()
  if in_command_window then
    return in_command_window
  end
  local kind = vim.bo[buf].buftype
  if kind ~= "" and kind ~= "acwrite" and kind ~= "nofile" and kind ~= "nowrite" then
    return ("a %s buffer is not a chat; use an ordinary markdown buffer"):format(kind)
  end
  if vim.fn.isdirectory(api.nvim_buf_get_name(buf)) == 1 then
    return "this buffer shows a directory, not a chat; open a markdown file"
  end
  return unfit.to_change(buf)
end

--- Returns why no answer can be written into a buffer now, or nil if it can.
---@param buf integer
---@return string?
function M.of_answer(buf)
  local chat = state.get(buf)
  if chat.answer or chat.awaits then
    return "this chat's answer is still being written; :ChatvimStop stops it"
  end
  return M.of_edit(buf)
end

return M
