-- SPDX-License-Identifier: Apache-2.0
-- Sets options in the windows that show a chat as `:setlocal` does. Neovim resets them when the
-- window shows another buffer, and applies them to the next window that shows the chat.
local M = {}

local api = vim.api
local state = require("chatvim.chat.state")

--- Whether a window is more than the temporary one in which Neovim runs the autocommands of a
--- hidden buffer.
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

--- Sets options in the windows of a buffer or, if there are none, in the next one that shows it.
---@param buf integer
---@param name string the purpose; replaces an earlier pending `set` of the same name
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

--- Sets a window option as `:setlocal` does.
---@param win integer
---@param name string
---@param value any
function M.put(win, name, value)
  api.nvim_set_option_value(name, value, { scope = "local", win = win })
end

return M
