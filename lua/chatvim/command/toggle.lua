-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimToggle: shows or hides the chat last used.
local M = {}

local api = vim.api

--- Opens the chat of the last rewrite, so that the user can ask on, or else a new one.
---@param where chatvim.Where
---@return string? err
local function open(where)
  local kept = require("chatvim.chat.recent").kept()
  if kept then
    return require("chatvim.command.window").edit(kept, where)
  end
  local new = require("chatvim.command.new")
  local opened, err = new.open(new.empty(where))
  return not opened and err or nil
end

--- Hides the chat last used if this tab page shows it, otherwise shows it. In a buffer with a
--- rewrite, that is the rewrite's chat. If no chat is open, opens that of the last rewrite, or a
--- new one.
---@param direction? string where to show it; default: right
---@param mods? vim.api.keyset.cmd_mods
function M.run(direction, mods)
  local notify = require("chatvim.notify")
  local window = require("chatvim.command.window")
  local where, err = window.where(direction, mods, "right")
  local chat = require("chatvim.command.rewrite").chat(0) or require("chatvim.chat.recent").last(0)
  local win = chat and window.of(chat)
  if win and not err then
    local ok, why = pcall(api.nvim_win_close, win, false)
    if not ok then
      local is_last = tostring(why):find("E444", 1, true)
      local advice = "the chat is in the only window: `:buffer` shows another file there"
      notify.show(is_last and advice or tostring(why):gsub("^.-(E%d+: )", ""), "warn")
    end
    return
  end
  err = window.refusal() or err
  if not err and chat then
    err = window.show(chat, where)
  elseif not err then
    err = open(where)
  end
  if err then
    notify.show(err, "warn")
  end
end

return M
