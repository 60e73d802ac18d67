-- SPDX-License-Identifier: Apache-2.0
-- The `User` events.
local M = {}

--- The data of the User events.
---@class chatvim.Event
---@field buf integer
---@field provider? string
---@field model? string
---@field outcome? "done"|"stopped"|"error"
---@field code? string of what `message` reports
---@field finish_reason? string
---@field usage? { input?: integer, output?: integer, cached?: integer, reasoning?: integer }
---@field price? number US dollars
---@field seconds? number
---@field seconds_to_text? number
---@field message? string

--- Shows the buffer as a chat and fires a User event. An error in the user's handler is reported
--- but does not stop anything.
---@param pattern "ChatvimStart"|"ChatvimEnd"
---@param data chatvim.Event
function M.fire(pattern, data)
  local shown, why =
    pcall(require("chatvim.chat.open").answered, data.buf, pattern == "ChatvimStart")
  if not shown then
    require("chatvim.notify").show("internal error at " .. pattern .. ": " .. why, "error")
  end
  local ok, err = pcall(vim.api.nvim_exec_autocmds, "User", {
    pattern = pattern,
    modeline = false,
    data = data,
  })
  if not ok then
    require("chatvim.notify").show(
      ("error in an autocommand for %s: %s"):format(pattern, err),
      "error"
    )
  end
end

return M
