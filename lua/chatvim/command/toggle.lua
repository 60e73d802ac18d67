-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimToggle: shows or hides the chat last used.
local M = {}

local api = vim.api

--- Hides the chat last used if this tab page shows it, otherwise shows it. In a buffer with a
--- rewrite, that is the rewrite's chat. Opens a new chat if no chat is open.
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
    local new = require("chatvim.command.new")
    local opened
    opened, err = new.open(new.empty(where))
    err = not opened and err or nil
  end
  if err then
    notify.show(err, "warn")
  end
end

return M
