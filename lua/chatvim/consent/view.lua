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

--- Shows a text without moving the cursor.
---@param shown chatvim.Shown
---@return fun() close
function M.show(shown)
  local scratch = api.nvim_create_buf(false, true)
  -- The user decides by what is shown, so nothing in the text may be disguised.
  api.nvim_buf_set_lines(scratch, 0, -1, true, vim.tbl_map(printable.show, shown.lines))
  vim.bo[scratch].bufhidden = "wipe"
  vim.bo[scratch].modifiable = false
  local height = math.max(1, math.min(#shown.lines, math.floor(vim.o.lines * PART)))
  local ok, win =
    pcall(api.nvim_open_win, scratch, false, { split = "above", win = 0, height = height })
  if not ok then
    -- There is no room, but the question can still be answered.
    pcall(api.nvim_buf_delete, scratch, { force = true })
    return function() end
  end
  -- Set only the syntax: the file type would make the buffer a chat.
  vim.bo[scratch].syntax = shown.syntax
  vim.cmd.redraw()
  return function()
    pcall(api.nvim_win_close, win, true)
  end
end

return M
