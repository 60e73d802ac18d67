-- SPDX-License-Identifier: Apache-2.0
-- The answers that are being written: one per buffer at most.
local M = {}

local api = vim.api
local answers = require("chatvim.chat.answer")
local notify = require("chatvim.notify")
local screen = require("chatvim.view.screen")
local ui = require("chatvim.view.progress")

---@type table<integer, chatvim.Answer|true> by buffer; true while one begins
local running = {}
---@type table<integer, fun()[]> by buffer: what waits for the end of its answer
local waiting = {}

---@param buf integer
---@param gone boolean
local function call_waiting(buf, gone)
  local callbacks = waiting[buf] or {}
  waiting[buf] = nil
  for _, callback in ipairs(callbacks) do
    if gone then
      -- The buffer may be about to go, and must not be edited now.
      vim.schedule(callback)
    else
      callback()
    end
  end
end

--- Answers the chat in a buffer, goes on with its last answer, or asks for another in place of it.
--- What stands in the way is shown.
---@param buf integer
---@param mode? "answer"|"continue"|"retry"
---@param permit? chatvim.Permit what a person has allowed for it
function M.start(buf, mode, permit)
  local refusal = M.refusal(buf)
  if refusal then
    notify.show(refusal, "warn")
    return
  end
  running[buf] = true
  screen.start()
  permit = permit or require("chatvim.consent").none()
  local function on_end(gone)
    running[buf] = nil
    call_waiting(buf, gone)
    if not next(running) then
      screen.stop()
    end
  end
  local answer = answers.start(buf, mode or "answer", permit, on_end, function()
    M.start(buf, mode, permit)
  end)
  if not answer.over then
    running[buf] = answer
  end
end

--- Whether an answer is being written into a buffer.
---@param buf integer
---@return boolean
function M.is_running(buf)
  return running[buf] ~= nil
end

--- Why a buffer cannot be answered in now, or nothing.
---@param buf integer
---@return string?
function M.refusal(buf)
  if running[buf] then
    return "this chat's answer is still being written; :ChatvimStop stops it"
  end
  return M.unfit(buf)
end

--- Why a buffer cannot be a chat that is written to, or nothing.
---@param buf integer
---@return string?
function M.unfit(buf)
  local kind = vim.bo[buf].buftype
  if kind ~= "" and kind ~= "acwrite" and kind ~= "nofile" and kind ~= "nowrite" then
    return ("a %s buffer is not a chat; use an ordinary markdown buffer"):format(kind)
  end
  if vim.fn.isdirectory(api.nvim_buf_get_name(buf)) == 1 then
    return "this buffer shows a directory, not a chat; open a markdown file"
  end
  if not vim.bo[buf].modifiable then
    return "this buffer cannot be changed; `:set modifiable` makes it so"
  end
end

--- Calls back when the answer that is being written into a buffer has ended, before anybody is
--- told.
---@param buf integer
---@param callback fun()
---@return boolean waits false where none is, or it is not known yet where it goes
function M.when_ended(buf, callback)
  local answer = running[buf]
  if type(answer) ~= "table" or not answer.placed then
    return false
  end
  waiting[buf] = waiting[buf] or {}
  table.insert(waiting[buf], callback)
  return true
end

--- Stops the answer of a buffer; what has arrived stays.
---@param buf integer
---@return boolean stopped false when none runs
function M.stop(buf)
  local answer = running[buf]
  if type(answer) ~= "table" then
    return false
  end
  answers.stop(answer)
  return true
end

--- Stops every answer.
---@return integer count how many ran
function M.stop_all()
  local buffers = vim.tbl_keys(running)
  for _, buf in ipairs(buffers) do
    M.stop(buf)
  end
  return #buffers
end

--- What the answer of a buffer is doing, in a few words; empty when none runs.
---@param buf integer
---@return string
function M.status(buf)
  local answer = running[buf]
  return type(answer) == "table" and ui.status(answer.progress) or ""
end

return M
