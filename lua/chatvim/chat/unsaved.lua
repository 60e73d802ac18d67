-- SPDX-License-Identifier: Apache-2.0
-- Finished answers that are not in their chat's file yet. The program keeps their journals until
-- they are.
local M = {}

local api = vim.api
local state = require("chatvim.chat.state")

--- How many journals of one chat are kept. One journal has all unsaved answers of a chat, unless
--- the text above them was changed in between.
local MOST = 4

--- An answer that is not saved.
---@class chatvim.Unsaved
---@field id integer
---@field journal string the first of the paths that its journal may have
---@field sequence integer the number of the undo block that its text belongs to
---@field undone? boolean

--- The unsaved answers of a buffer.
---@class chatvim.Unsaved.State
---@field answers chatvim.Unsaved[] at least one
---@field newest integer the number of the newest change seen
---@field compares? boolean `compare` is scheduled

---@param name string
---@param answer chatvim.Unsaved
---@param more? table further fields of the message
local function send(name, answer, more)
  local fields = vim.tbl_extend("force", { id = answer.id, journal = answer.journal }, more or {})
  require("chatvim.program.process").tell(name, fields)
end

--- Stops tracking a buffer's unsaved answers.
---@param chat chatvim.Chat
---@param name "discard"|"release" discard: their text is saved; release: it is not
local function settle(chat, name)
  local answers = chat.unsaved and chat.unsaved.answers or {}
  chat.unsaved = nil
  for _, answer in ipairs(answers) do
    send(name, answer)
  end
end

--- Returns the number of the change that led to the buffer's current text.
---@param buf integer
---@return integer
local function change(buf)
  return api.nvim_buf_call(buf, vim.fn.changenr)
end

--- Tells the program which answers were undone or redone.
---@param chat chatvim.Chat a chat with unsaved answers
local function compare(chat)
  local now, unsaved = change(chat.buf), chat.unsaved --[[@as chatvim.Unsaved.State]]
  for _, answer in ipairs(unsaved.answers) do
    local undone = now < answer.sequence
    -- A new change does not bring back an undone answer.
    if undone ~= (answer.undone or false) and now <= unsaved.newest then
      answer.undone = undone
      send("undone", answer, { undone = undone })
    end
  end
  unsaved.newest = math.max(unsaved.newest, now)
end

--- Discards the journals of the answers that are now in the file. An answer undone before the write
--- is kept, as a redo may bring it back.
---@param chat chatvim.Chat
local function discard_written(chat)
  compare(chat)
  local undone = {}
  for _, answer in ipairs(chat.unsaved.answers) do
    if answer.undone then
      undone[#undone + 1] = answer
    else
      send("discard", answer)
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

-- The program needs to know about undo and redo, because an undone answer is not offered.
state.on("lines", function(chat)
  local unsaved = chat.unsaved
  if not unsaved or unsaved.compares then
    return
  end
  unsaved.compares = true
  -- Scheduled because the change number is updated after the lines.
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
    -- Not `vim.bo`, for which Neovim 0.10 enters the buffer, whose lines are already gone.
    local modified = vim.fn.getbufvar(chat.buf, "&modified", 1) ~= 0
    -- An unmodified buffer was written by a BufWriteCmd.
    settle(chat, modified and "release" or "discard")
  end
end)

--- Adds an answer that has ended in a buffer.
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
      send("discard", table.remove(list, index))
    end
  end
  table.insert(list, { id = id, journal = journal, sequence = sequence })
  unsaved.newest = change(buf)
  chat.unsaved = unsaved
end

--- Returns the last answer of a chat that is not in its file yet; 0 if there is none.
---@param buf integer
---@return integer id
function M.last(buf)
  local unsaved = state.get(buf).unsaved
  return unsaved and unsaved.answers[#unsaved.answers].id or 0
end

--- Moves the journals of a renamed chat.
---@param buf integer
---@param journal string
function M.rename(buf, journal)
  local unsaved = state.get(buf).unsaved
  for _, answer in ipairs(unsaved and unsaved.answers or {}) do
    if answer.journal ~= journal then
      answer.journal = journal
      send("move_journal", answer, { file = api.nvim_buf_get_name(buf) })
    end
  end
end

return M
