-- SPDX-License-Identifier: Apache-2.0
-- Answers that have ended and are not in their chat's file yet: the program keeps their journals
-- until they are.
local M = {}

local api = vim.api

--- How many journals of one chat are kept: one holds all of a chat's unsaved answers, unless the
--- text above was changed in between.
local MOST = 4

--- An answer that is not saved.
---@class chatvim.Unsaved
---@field id integer
---@field journal string the first name of its journal
---@field sequence integer the number of the undo block that its text belongs to
---@field undone? boolean

---@type table<integer, chatvim.Unsaved[]> by buffer
local unsaved = {}
---@type table<integer, integer> by buffer: the number of the newest change that was seen
local newest = {}
local watching = false

---@param name string
---@param answer chatvim.Unsaved
---@param fields? table
local function tell(name, answer, fields)
  local map = vim.tbl_extend("force", { id = answer.id, journal = answer.journal }, fields or {})
  require("chatvim.program.process").tell(name, map)
end

--- Lets go of a buffer's answers.
---@param buf integer
---@param name "discard"|"release" their text is saved; it is not, and may be asked for
local function settle(buf, name)
  local list = unsaved[buf] or {}
  unsaved[buf], newest[buf] = nil, nil
  for _, answer in ipairs(list) do
    tell(name, answer)
  end
end

--- The number of the change that the buffer's text is the result of.
---@param buf integer
---@return integer
local function change(buf)
  return api.nvim_buf_call(buf, vim.fn.changenr)
end

---@param buf integer
local function compare(buf)
  local now = change(buf)
  for _, answer in ipairs(unsaved[buf]) do
    local undone = now < answer.sequence
    -- What was undone does not come back with a change that is new.
    if undone ~= (answer.undone or false) and now <= newest[buf] then
      answer.undone = undone
      tell("undone", answer, { undone = undone })
    end
  end
  newest[buf] = math.max(newest[buf], now)
end

--- Discards the journals of the answers that the file now holds. One that was undone before the
--- write may come back with a redo.
---@param buf integer
local function discard_written(buf)
  compare(buf)
  local undone = {}
  for _, answer in ipairs(unsaved[buf]) do
    if answer.undone then
      undone[#undone + 1] = answer
    else
      tell("discard", answer)
    end
  end
  unsaved[buf] = undone
  if #undone == 0 then
    settle(buf, "discard")
  end
end

--- One set of autocommands for all buffers: Neovim forgets those for a buffer when `:write NAME`
--- names it.
local function watch()
  if watching then
    return
  end
  watching = true
  local group = api.nvim_create_augroup("chatvim.unsaved", {})
  api.nvim_create_autocmd({ "BufWritePost", "BufFilePost" }, {
    group = group,
    desc = "Chatvim: an answer is in its file, or its chat has another file",
    callback = function(event)
      local buf = event.buf
      if not unsaved[buf] then
        return
      elseif event.event == "BufFilePost" then
        M.rename(buf, require("chatvim.chat.recover").path(buf))
      elseif not vim.bo[buf].modified then
        discard_written(buf)
      end
    end,
  })
end

--- Tells the program when an answer was undone or redone, as one that was undone is not offered,
--- and lets go of the answers when the buffer's text goes away.
---@param buf integer
local function follow_undo(buf)
  local waits = false
  api.nvim_buf_attach(buf, false, {
    on_lines = function()
      if not unsaved[buf] then
        return true
      elseif not waits then
        waits = true
        -- Later: the number changes after the lines.
        vim.schedule(function()
          waits = false
          if unsaved[buf] and api.nvim_buf_is_loaded(buf) then
            compare(buf)
          end
        end)
      end
    end,
    on_reload = function()
      settle(buf, "release")
    end,
    -- What is not modified was written by a BufWriteCmd.
    on_detach = function()
      -- Not `vim.bo`, for which Neovim 0.10 enters the buffer: its lines are gone by now.
      local modified = vim.fn.getbufvar(buf, "&modified", 1) ~= 0
      settle(buf, modified and "release" or "discard")
    end,
  })
end

--- An answer has ended in a buffer.
---@param buf integer
---@param id integer
---@param journal string
---@param sequence integer the number of the undo block that its text belongs to
function M.add(buf, id, journal, sequence)
  local list = unsaved[buf] or {}
  for index = #list, 1, -1 do
    if list[index].undone or #list >= MOST then
      tell("discard", table.remove(list, index))
    end
  end
  table.insert(list, { id = id, journal = journal, sequence = sequence })
  newest[buf] = change(buf)
  if not unsaved[buf] then
    unsaved[buf] = list
    follow_undo(buf)
  end
  watch()
end

--- The last answer of a chat that is not in its file yet; 0 where there is none.
---@param buf integer
---@return integer id
function M.last(buf)
  local list = unsaved[buf]
  return list and list[#list].id or 0
end

--- The chat has another name, and its journals with it.
---@param buf integer
---@param journal string
function M.rename(buf, journal)
  for _, answer in ipairs(unsaved[buf] or {}) do
    if answer.journal ~= journal then
      answer.journal = journal
      tell("move_journal", answer, { file = api.nvim_buf_get_name(buf) })
    end
  end
end

return M
