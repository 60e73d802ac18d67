-- SPDX-License-Identifier: Apache-2.0
-- Waits until the user neither types nor selects anything.
local M = {}

local api = vim.api

--- Calls a function now if Neovim is in normal mode, otherwise as soon as it is: neither the text
--- that the user types nor a selection is disturbed.
---@param callback fun()
function M.wait(callback)
  if api.nvim_get_mode().mode == "n" and vim.fn.getcmdwintype() == "" then
    callback()
    return
  end
  api.nvim_create_autocmd({ "ModeChanged", "CmdwinLeave" }, {
    once = true,
    desc = "Chatvim: go on with what waits for normal mode",
    callback = vim.schedule_wrap(function()
      M.wait(callback)
    end),
  })
end

return M
