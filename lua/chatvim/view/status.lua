-- SPDX-License-Identifier: Apache-2.0
-- What goes on, for statuslines and winbars, and when they are drawn: as often as the spinner while
-- an answer runs and something shows it, and never otherwise.
local M = {}

local api = vim.api
local state = require("chatvim.chat.state")
local uv = vim.uv or vim.loop

--- Somebody shows the status who asked for it so long ago at most, in nanoseconds. A statusline
--- asks each time it is drawn.
local RECENT = 1.5e9

---@type integer? when it was asked for last, in nanoseconds
local asked

--- Somebody shows something of a chat that changes while nothing is typed.
function M.touch()
  asked = uv.hrtime()
end

--- The progress of a chat's running answer.
---@param chat chatvim.Chat
---@return chatvim.Progress?
local function progress_of(chat)
  local answer = chat.answer
  return type(answer) == "table" and answer.progress or nil
end

--- What the answer in a buffer is doing; empty when none is being written.
---@param buf integer
---@return string
function M.of(buf)
  M.touch()
  local chat = state.find(buf)
  local progress = chat and progress_of(chat)
  return progress and require("chatvim.view.phase").status(progress) or ""
end

--- What the answer in a buffer is doing, and how many are being written when there are others.
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

--- Draws statuslines and winbars where one of them shows the status.
---@param change? boolean an answer began: whoever has ever asked may show it
function M.draw(change)
  if not asked or not (change or uv.hrtime() - asked < RECENT) then
    return
  end
  -- At a prompt or where a key is awaited a redraw would take away what is shown.
  local mode = api.nvim_get_mode()
  if not mode.blocking and not mode.mode:find("^r") then
    pcall(api.nvim_command, "redrawstatus!")
  end
end

return M
