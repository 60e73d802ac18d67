-- SPDX-License-Identifier: Apache-2.0
-- Options of the windows that show a chat, set as `:setlocal` does: Neovim takes them away where
-- the window shows another buffer, and gives them to the next window that shows the chat.
local M = {}

local api = vim.api

--- Sets options in the windows of a buffer, or in the first that will show it.
---@param buf integer
---@param name string what they are for
---@param set fun(win: integer)
function M.set(buf, name, set)
  local group = api.nvim_create_augroup(("chatvim.%s.%d"):format(name, buf), {})
  local shown = false
  for _, win in ipairs(vim.fn.win_findbuf(buf)) do
    if M._is_lasting(win) then
      shown = true
      set(win)
    end
  end
  if shown then
    return
  end
  api.nvim_create_autocmd("BufWinEnter", {
    group = group,
    buffer = buf,
    desc = "Chatvim: options of the first window that shows the chat",
    callback = function()
      local win = api.nvim_get_current_win()
      if api.nvim_win_get_buf(win) == buf and M._is_lasting(win) then
        set(win)
        return true
      end
    end,
  })
end

---@param win integer
---@param name string
---@param value any
function M.put(win, name, value)
  api.nvim_set_option_value(name, value, { scope = "local", win = win })
end

--- False for the window that Neovim makes for the autocommands of a hidden buffer.
---@param win integer
---@return boolean
function M._is_lasting(win)
  return vim.fn.win_gettype(win) ~= "autocmd"
end

return M
