-- SPDX-License-Identifier: Apache-2.0
-- The text that a question is about, in a window above while it is asked: what Neovim's own list
-- writes covers the lines below.
local M = {}

local api = vim.api
local printable = require("chatvim.view.printable")

--- A text that is asked about.
---@class chatvim.Shown
---@field lines string[]
---@field syntax string

--- As much of the screen as the text may take.
local PART = 0.4

--- Shows a text; the cursor stays where it is.
---@param shown chatvim.Shown
---@return fun() close
function M.show(shown)
  local scratch = api.nvim_create_buf(false, true)
  -- What it looks like is decided upon: nothing in it may look like something else.
  api.nvim_buf_set_lines(scratch, 0, -1, true, vim.tbl_map(printable.show, shown.lines))
  vim.bo[scratch].bufhidden = "wipe"
  vim.bo[scratch].modifiable = false
  local height = math.max(1, math.min(#shown.lines, math.floor(vim.o.lines * PART)))
  local ok, win =
    pcall(api.nvim_open_win, scratch, false, { split = "above", win = 0, height = height })
  if not ok then
    -- There is no room: the question itself can still be answered.
    pcall(api.nvim_buf_delete, scratch, { force = true })
    return function() end
  end
  -- Not its filetype, which would make a chat of it.
  vim.bo[scratch].syntax = shown.syntax
  vim.cmd.redraw()
  return function()
    pcall(api.nvim_win_close, win, true)
  end
end

return M
