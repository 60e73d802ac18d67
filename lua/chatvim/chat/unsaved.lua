-- SPDX-License-Identifier: Apache-2.0
-- Answers that have ended and are not in their chat's file yet: the program keeps their journals
-- until they are.
local M = {}

local api = vim.api
local state = require("chatvim.chat.state")

--- How many journals of one chat are kept: one holds all of a chat's unsaved answers, unless the
--- text above was changed in between.
local MOST = 4

--- An answer that is not saved.
---@class chatvim.Unsaved
---@field id integer
---@field journal string the first name of its journal
---@field sequence integer the number of the undo block that its text belongs to
---@field undone? boolean

--- The unsaved answers of a buffer.
---@class chatvim.Unsaved.State
---@field answers chatvim.Unsaved[] at least one
---@field newest integer the number of the newest change that was seen
---@field compares? boolean the answers are about to be compared with the buffer's change

---@param name string
---@param answer chatvim.Unsaved
---@param fields? table
local function tell(name, answer, fields)
  local map = vim.tbl_extend("force", { id = answer.id, journal = answer.journal }, fields or {})
  require("chatvim.program.process").tell(name, map)
end

--- Lets go of a buffer's answers.
---@param chat chatvim.Chat
---@param name "discard"|"release" their text is saved; it is not, and may be asked for
local function settle(chat, name)
  local answers = chat.unsaved and chat.unsaved.answers or {}
  chat.unsaved = nil
  for _, answer in ipairs(answers) do
    tell(name, answer)
  end
end

--- The number of the change that the buffer's text is the result of.
---@param buf integer
---@return integer
local function change(buf)
  return api.nvim_buf_call(buf, vim.fn.changenr)
end

---@param chat chatvim.Chat
local function compare(chat)
  local now, unsaved = change(chat.buf), chat.unsaved
  for _, answer in ipairs(unsaved.answers) do
    local undone = now < answer.sequence
    -- What was undone does not come back with a change that is new.
    if undone ~= (answer.undone or false) and now <= unsaved.newest then
      answer.undone = undone
      tell("undone", answer, { undone = undone })
    end
  end
  unsaved.newest = math.max(unsaved.newest, now)
end

--- Discards the journals of the answers that the file now holds. One that was undone before the
--- write may come back with a redo.
---@param chat chatvim.Chat
local function discard_written(chat)
  compare(chat)
  local undone = {}
  for _, answer in ipairs(chat.unsaved.answers) do
    if answer.undone then
      undone[#undone + 1] = answer
    else
      tell("discard", answer)
    end
  end
  chat.unsaved.answers = undone
  if #undone == 0 then
    chat.unsaved = nil
  end
end

state.on("BufWritePost", function(chat)
  if chat.unsaved and not vim.bo[chat.buf].modified then
    discard_written(chat)
  end
end)

state.on("BufFilePost", function(chat)
  if chat.unsaved then
    M.rename(chat.buf, require("chatvim.chat.recover").path(chat.buf))
  end
end)

-- An answer that was undone is not offered: the program is told about undo and redo.
state.on("lines", function(chat)
  local unsaved = chat.unsaved
  if not unsaved or unsaved.compares then
    return
  end
  unsaved.compares = true
  -- Later: the number changes after the lines.
  vim.schedule(function()
    unsaved.compares = nil
    if chat.unsaved and api.nvim_buf_is_loaded(chat.buf) then
      compare(chat)
    end
  end)
end)

state.on("reload", function(chat)
  settle(chat, "release")
end)

state.on("detach", function(chat)
  if chat.unsaved then
    -- Not `vim.bo`, for which Neovim 0.10 enters the buffer: its lines are gone by now.
    local modified = vim.fn.getbufvar(chat.buf, "&modified", 1) ~= 0
    -- What is not modified was written by a BufWriteCmd.
    settle(chat, modified and "release" or "discard")
  end
end)

--- An answer has ended in a buffer.
---@param buf integer
---@param id integer
---@param journal string
---@param sequence integer the number of the undo block that its text belongs to
function M.add(buf, id, journal, sequence)
  local chat = state.attach(buf)
  local unsaved = chat.unsaved or { answers = {} }
  local list = unsaved.answers
  for index = #list, 1, -1 do
    if list[index].undone or #list >= MOST then
      tell("discard", table.remove(list, index))
    end
  end
  table.insert(list, { id = id, journal = journal, sequence = sequence })
  unsaved.newest = change(buf)
  chat.unsaved = unsaved
end

--- The last answer of a chat that is not in its file yet; 0 if there is none.
---@param buf integer
---@return integer id
function M.last(buf)
  local unsaved = state.get(buf).unsaved
  return unsaved and unsaved.answers[#unsaved.answers].id or 0
end

--- The chat has another name, and its journals with it.
---@param buf integer
---@param journal string
function M.rename(buf, journal)
  local unsaved = state.get(buf).unsaved
  for _, answer in ipairs(unsaved and unsaved.answers or {}) do
    if answer.journal ~= journal then
      answer.journal = journal
      tell("move_journal", answer, { file = api.nvim_buf_get_name(buf) })
    end
  end
end

return M
