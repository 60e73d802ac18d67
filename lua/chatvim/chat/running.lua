-- SPDX-License-Identifier: Apache-2.0
-- The running answers, at most one per buffer.
local M = {}

local answers = require("chatvim.chat.answer")
local notify = require("chatvim.notify")
local refusal = require("chatvim.chat.refusal")
local screen = require("chatvim.view.screen")
local state = require("chatvim.chat.state")

---@param chat chatvim.Chat
---@param gone boolean
local function call_waiting(chat, gone)
  local callbacks = chat.waiting or {}
  chat.waiting = nil
  for _, callback in ipairs(callbacks) do
    if gone then
      -- The buffer may be about to be unloaded and must not be edited now.
      vim.schedule(callback)
    else
      callback()
    end
  end
end

--- Returns the chats with a running answer.
---@return chatvim.Chat[]
local function running()
  return vim.tbl_filter(function(chat)
    return chat.answer ~= nil
  end, state.all())
end

--- Answers the chat in a buffer, continues its last answer, or replaces it. If that is not
--- possible, shows why.
---@param buf integer
---@param mode? "answer"|"continue"|"retry"
---@param permit? chatvim.Permit the user's permissions for this request
---@param override? table<string, any> settings of this answer, stronger than the document's
function M.start(buf, mode, permit, override)
  local reason = refusal.of_answer(buf)
  if reason then
    notify.show(reason, "warn")
    return
  end
  local chat = state.get(buf)
  chat.answer = true
  screen.start()
  permit = permit or require("chatvim.consent.permit").none()
  local function on_end(gone)
    chat.answer = nil
    call_waiting(chat, gone)
    if #running() == 0 then
      screen.stop()
    end
  end
  local answer = answers.start(buf, mode or "answer", permit, on_end, function()
    M.start(buf, mode, permit, override)
  end, override)
  if not answer.over then
    chat.answer = answer
  end
end

--- Whether an answer is being written into a buffer.
---@param buf integer
---@return boolean
function M.is_running(buf)
  local chat = state.get(buf)
  return chat.answer ~= nil or chat.awaits ~= nil
end

--- Calls `callback` when the running answer of a buffer has ended, before the end is shown or
--- reported.
---@param buf integer
---@param callback fun()
---@return boolean waits false if no answer is running, or its place is not known yet
function M.when_ended(buf, callback)
  local chat = state.get(buf)
  local answer = chat.answer
  if type(answer) ~= "table" or not answer.placed then
    return false
  end
  chat.waiting = chat.waiting or {}
  table.insert(chat.waiting, callback)
  return true
end

--- Stops the answer of a buffer; the text so far stays.
---@param buf integer
---@return boolean stopped false if no answer is running
function M.stop(buf)
  local chat = state.get(buf)
  if chat.awaits then
    chat.awaits.stop()
    return true
  end
  local answer = chat.answer
  if type(answer) ~= "table" then
    return false
  end
  answers.stop(answer)
  return true
end

--- Stops every answer.
---@return integer count how many were running
function M.stop_all()
  local chats = running()
  for _, chat in ipairs(chats) do
    M.stop(chat.buf)
  end
  return #chats
end

return M
