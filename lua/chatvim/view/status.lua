-- SPDX-License-Identifier: Apache-2.0
-- The status of running answers, for statuslines and winbars. Redraws them as often as the spinner
-- while an answer is running and they show the status, and never otherwise.
local M = {}

local api = vim.api
local state = require("chatvim.chat.state")
local uv = vim.uv or vim.loop

--- The status counts as shown if it was requested within this time, in nanoseconds. A statusline
--- requests it each time it is drawn.
local RECENT = 1.5e9

---@type integer? when the status was last requested, in nanoseconds
local last_request

--- Records that something is shown that changes even while nothing is typed.
function M.touch()
  last_request = uv.hrtime()
end

--- Returns the progress of a chat's running answer, or nil.
---@param chat chatvim.Chat
---@return chatvim.Progress?
local function progress_of(chat)
  local answer = chat.answer
  return type(answer) == "table" and answer.progress or nil
end

--- Returns the status of the answer in a buffer, or "" if no answer is running there.
---@param buf integer
---@return string
function M.of(buf)
  M.touch()
  local chat = state.find(buf)
  if chat and chat.awaits then
    return "waiting for " .. chat.awaits.status
  end
  local progress = chat and progress_of(chat)
  return progress and require("chatvim.view.phase").status(progress) or ""
end

--- Returns the status of the answer in a buffer and, if there are others, the number of running
--- answers.
---@param buf integer
---@return string
function M.all(buf)
  local own = M.of(buf)
  local count = #vim.tbl_filter(progress_of, state.all())
  if count == (own ~= "" and 1 or 0) then
    return own
  end
  local others = count == 1 and "1 answer" or ("%d answers"):format(count)
  return own == "" and others or ("%s · %s"):format(own, others)
end

--- Redraws statuslines and winbars if one of them shows the status.
---@param change? boolean an answer began: redraw if the status was ever requested
function M.draw(change)
  if not last_request or not (change or uv.hrtime() - last_request < RECENT) then
    return
  end
  -- At a prompt, or while Neovim waits for a key, a redraw would erase the text there.
  local mode = api.nvim_get_mode()
  if not mode.blocking and not mode.mode:find("^r") then
    pcall(api.nvim_command, "redrawstatus!")
  end
end

return M
