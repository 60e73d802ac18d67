-- SPDX-License-Identifier: Apache-2.0
-- Why a buffer cannot be answered in or edited now, as a message for the user.
local M = {}

local api = vim.api
local state = require("chatvim.chat.state")

--- Why a buffer cannot be a chat that is edited; nil if it can.
---@param buf integer
---@return string?
function M.of_edit(buf)
  local kind = vim.bo[buf].buftype
  if kind ~= "" and kind ~= "acwrite" and kind ~= "nofile" and kind ~= "nowrite" then
    return ("a %s buffer is not a chat; use an ordinary markdown buffer"):format(kind)
  end
  if vim.fn.isdirectory(api.nvim_buf_get_name(buf)) == 1 then
    return "this buffer shows a directory, not a chat; open a markdown file"
  end
  if not vim.bo[buf].modifiable then
    return "this buffer cannot be changed; `:set modifiable` makes it so"
  end
end

--- Why no answer can be written into a buffer now; nil if one can.
---@param buf integer
---@return string?
function M.of_answer(buf)
  if state.get(buf).answer then
    return "this chat's answer is still being written; :ChatvimStop stops it"
  end
  return M.of_edit(buf)
end

return M
