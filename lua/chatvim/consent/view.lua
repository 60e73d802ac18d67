-- SPDX-License-Identifier: Apache-2.0
-- Shows the text that a question is about in a window above while the question is open. Neovim's
-- own list covers the lines below.
local M = {}

local api = vim.api
local printable = require("chatvim.view.printable")

--- The text that a question is about.
---@class chatvim.Shown
---@field lines string[]
---@field syntax string

--- The maximum height of the window, as a fraction of the screen.
local PART = 0.4

--- Makes a window as high as its text, if there is room, and says if there is more: Neovim's own
--- list does not let the user scroll.
---@param win integer
local function fit(win)
  local rows = api.nvim_win_text_height(win, {}).all
  local height = math.max(1, math.min(rows, math.floor(vim.o.lines * PART)))
  api.nvim_win_set_height(win, height)
  if rows > api.nvim_win_get_height(win) then
    local words = (" %d of %d lines are shown"):format(api.nvim_win_get_height(win), rows)
    api.nvim_set_option_value("statusline", words, { win = win })
  end
end

--- Shows a text without moving the cursor.
---@param shown chatvim.Shown
---@return fun() close
function M.show(shown)
  local scratch = api.nvim_create_buf(false, true)
  -- The user decides by what is shown, so nothing in the text may be disguised.
  api.nvim_buf_set_lines(scratch, 0, -1, true, vim.tbl_map(printable.show, shown.lines))
  vim.bo[scratch].bufhidden = "wipe"
  vim.bo[scratch].modifiable = false
  local ok, win = pcall(api.nvim_open_win, scratch, false, { split = "above", win = 0, height = 1 })
  if not ok then
    -- There is no room, but the question can still be answered.
    pcall(api.nvim_buf_delete, scratch, { force = true })
    return function() end
  end
  -- Set only the syntax: the file type would make the buffer a chat.
  vim.bo[scratch].syntax = shown.syntax
  -- A long command line must not end at the edge of the window.
  api.nvim_set_option_value("wrap", true, { win = win })
  pcall(fit, win)
  vim.cmd.redraw()
  return function()
    pcall(api.nvim_win_close, win, true)
  end
end

return M
