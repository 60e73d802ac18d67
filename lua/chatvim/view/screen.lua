-- SPDX-License-Identifier: Apache-2.0
-- Keeps the screen updating during a burst of text. Tree-sitter parses in many small scheduled
-- steps, and Neovim does not redraw while any are pending. New text restarts the parse, so that a
-- fast answer would appear only at its end.
local M = {}

local api = vim.api
local uv = vim.uv or vim.loop

local namespace = api.nvim_create_namespace("chatvim.screen")
--- If an update is still not drawn after this time when the next one arrives, the screen is redrawn
--- explicitly, in nanoseconds. Less than a refresh of the screen.
local PATIENCE = 10e6

local watching = false
---@type integer? when the first update that is not drawn yet arrived, in nanoseconds
local waiting_since

--- Marks the windows of a buffer for the next redraw, because decorations have changed.
---@param buf integer
---@param row? integer redraw only this row
function M.redraw(buf, row)
  if not api.nvim_buf_is_loaded(buf) then
    return
  elseif row then
    api.nvim__redraw({ buf = buf, range = { row, row + 1 }, flush = false })
  else
    api.nvim__redraw({ buf = buf, valid = false, flush = false })
  end
end

--- Tracks redraws of the screen until `stop`.
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

--- Stops tracking redraws, as no answer is running any more.
function M.stop()
  watching = false
  waiting_since = nil
  api.nvim_set_decoration_provider(namespace, {})
end

--- Whether a redraw is safe. It would erase a command line, a prompt or a message.
---@return boolean
local function may_draw()
  local mode = api.nvim_get_mode()
  return not mode.blocking and mode.mode:find("^[nivVsSR\22\19]") ~= nil
end

--- Call after an update of a buffer. Redraws the screen if that is overdue.
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
