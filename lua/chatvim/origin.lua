-- SPDX-License-Identifier: Apache-2.0
-- Where a chat is, as the protocol wants it beside the text: paths in it are seen from there.
local M = {}

local api = vim.api

--- The fields of the protocol: the chat's name, and the working folder of the window that shows it.
---@param buf integer
---@return { file: string, folder: string }
function M.fields(buf)
  return { file = api.nvim_buf_get_name(buf), folder = M._folder(buf) }
end

---@param buf integer
---@return string
function M._folder(buf)
  local win = api.nvim_get_current_buf() ~= buf and vim.fn.win_findbuf(buf)[1]
  if not win then
    return vim.fn.getcwd()
  end
  local tab, number = unpack(vim.fn.win_id2tabwin(win))
  return vim.fn.getcwd(number, tab)
end

return M
