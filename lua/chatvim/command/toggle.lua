-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimToggle: shows or hides the chat last used.
local M = {}

local api = vim.api

--- Shows the rewrite's chat of the buffer, or the one last used, or opens that of the last rewrite,
--- so that the user can ask on, or else a new one.
---@param where chatvim.Where
---@param chat? integer the buffer of one of the first two
---@param kept? string the file of the third one
---@return string? err
local function open(where, chat, kept)
  local window = require("chatvim.command.window")
  if kept then
    return window.edit(kept, where)
  elseif chat then
    return window.show(chat, where)
  end
  local new = require("chatvim.command.new")
  local opened, err = new.open(new.empty(where))
  return not opened and err or nil
end

--- Hides the chat last used if this tab page shows it, otherwise shows it. In a buffer with a
--- rewrite, that is the rewrite's chat. If a rewrite has ended since, or no chat is open, opens the
--- chat of the last rewrite, or a new one.
---@param direction? string where to show it; default: right
---@param mods? vim.api.keyset.cmd_mods
function M.run(direction, mods)
  local notify = require("chatvim.notify")
  local window = require("chatvim.command.window")
  local where, err = window.where(direction, mods, "right")
  local recent = require("chatvim.chat.recent")
  local of_rewrite = require("chatvim.command.rewrite").chat(0)
  local chat = of_rewrite or recent.last(0)
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
  if not err then
    err = open(where, chat, not of_rewrite and recent.kept(chat) or nil)
  end
  if err then
    notify.show(err, "warn")
  end
end

return M
