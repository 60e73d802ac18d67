-- SPDX-License-Identifier: Apache-2.0
-- Keeps the screen alive in a burst. Tree-sitter parses in many small scheduled steps, and Neovim
-- draws nothing while there are any; text that comes meanwhile makes it begin again, so that a fast
-- answer would be seen only at its end.
local M = {}

local api = vim.api
local uv = vim.uv or vim.loop

local namespace = api.nvim_create_namespace("chatvim.screen")
--- An update that is still not drawn when the next one comes, after so many nanoseconds (less than
--- a refresh of the screen), is drawn by force.
local PATIENCE = 10e6

local watching = false
---@type integer? when the first update came that no screen has shown yet
local waiting_since

--- Draws the windows of a buffer again, at the next redraw: what is shown besides its text has
--- changed.
---@param buf integer
---@param row? integer only this one
function M.redraw(buf, row)
  if not api.nvim_buf_is_loaded(buf) then
    return
  elseif row then
    api.nvim__redraw({ buf = buf, range = { row, row + 1 }, flush = false })
  else
    api.nvim__redraw({ buf = buf, valid = false, flush = false })
  end
end

--- Watches when screens are drawn, until `stop`.
function M.start()
  if watching then
    return
  end
  watching = true
  api.nvim_set_decoration_provider(namespace, {
    on_end = function()
      waiting_since = nil
    end,
  })
end

--- Nothing is updated any more.
function M.stop()
  watching = false
  waiting_since = nil
  api.nvim_set_decoration_provider(namespace, {})
end

--- While a command line, a prompt or a message is shown, drawing would take it away.
---@return boolean
local function may_draw()
  local mode = api.nvim_get_mode()
  return not mode.blocking and mode.mode:find("^[nivVsSR\22\19]") ~= nil
end

--- After an update of a buffer: draws the screen if it should have been drawn long ago.
---@param buf integer
function M.touch(buf)
  local now = uv.hrtime()
  if not waiting_since then
    waiting_since = now
  elseif now - waiting_since > PATIENCE and vim.fn.bufwinid(buf) ~= -1 and may_draw() then
    api.nvim_command("redraw")
    waiting_since = nil
  end
end

return M
