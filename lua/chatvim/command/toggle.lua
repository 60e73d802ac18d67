-- SPDX-License-Identifier: Apache-2.0
-- The key that shows or hides the chat last used.
local M = {}

local api = vim.api

--- Hides the chat last used if this tab page shows it, otherwise shows it. In a buffer with a
--- rewrite, that is the rewrite's chat. Opens a new chat if there is none.
function M.run()
  local notify = require("chatvim.notify")
  local window = require("chatvim.command.window")
  local chat = require("chatvim.command.rewrite").chat(0) or require("chatvim.chat.recent").last(0)
  local win = chat and window.of(chat)
  if win then
    -- The last window cannot be closed.
    local ok, err = pcall(api.nvim_win_close, win, false)
    if not ok then
      notify.show((tostring(err):gsub("^.-(E%d+: )", "")), "warn")
    end
    return
  end
  local where, err = window.where(nil, {}, "right")
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
