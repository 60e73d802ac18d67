-- SPDX-License-Identifier: Apache-2.0
-- Options of the windows that show a chat, set as `:setlocal` does: Neovim takes them away where
-- the window shows another buffer, and gives them to the next window that shows the chat.
local M = {}

local api = vim.api
local state = require("chatvim.chat.state")

--- False for the window that Neovim makes for the autocommands of a hidden buffer.
---@param win integer
---@return boolean
local function is_lasting(win)
  return vim.fn.win_gettype(win) ~= "autocmd"
end

state.on("BufWinEnter", function(chat)
  local options, win = chat.options, api.nvim_get_current_win()
  if options and api.nvim_win_get_buf(win) == chat.buf and is_lasting(win) then
    chat.options = nil
    for _, set in pairs(options) do
      set(win)
    end
  end
end)

--- Sets options in the windows of a buffer, or in the first that will show it.
---@param buf integer
---@param name string what they are for
---@param set fun(win: integer)
function M.set(buf, name, set)
  local shown = false
  for _, win in ipairs(vim.fn.win_findbuf(buf)) do
    if is_lasting(win) then
      shown = true
      set(win)
    end
  end
  local chat = state.get(buf)
  chat.options = chat.options or {}
  chat.options[name] = not shown and set or nil
end

--- Sets an option of a window, as `:setlocal` does.
---@param win integer
---@param name string
---@param value any
function M.put(win, name, value)
  api.nvim_set_option_value(name, value, { scope = "local", win = win })
end

return M
