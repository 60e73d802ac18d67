-- SPDX-License-Identifier: Apache-2.0
-- Tracks the chats in this Neovim and which of them was used last.
local M = {}

local api = vim.api
local state = require("chatvim.chat.state")

local count = 0
---@type {path: string, count: integer}? the last chat that was kept without having been used
local kept

state.on("BufEnter", function(chat)
  if chat.used then
    M.use(chat.buf)
  end
end)

--- Adds a buffer to the chats. A buffer that is loaded without being entered counts as unused.
---@param buf integer
function M.add(buf)
  if api.nvim_get_current_buf() == buf then
    M.use(buf)
  else
    local chat = state.get(buf)
    chat.used = chat.used or 0
  end
end

--- Marks a chat as used: it was opened, entered or asked for an answer.
---@param buf integer
function M.use(buf)
  count = count + 1
  state.get(buf).used = count
end

--- Makes a chat count as unused until it is asked for an answer, like the guide.
---@param buf integer
function M.forget(buf)
  state.get(buf).used = nil
end

--- Returns the keys by which chats are compared, the most important first.
---@param chat chatvim.Chat
---@return integer[]
local function rank_of(chat)
  local buf = chat.buf
  local visible = vim.fn.bufwinid(buf) ~= -1 and 1 or 0
  return { visible, chat.used, vim.fn.getbufinfo(buf)[1].lastused, buf }
end

---@param left integer[]
---@param right integer[]
---@return boolean
local function is_before(left, right)
  for index, number in ipairs(left) do
    if number ~= right[index] then
      return number < right[index]
    end
  end
  return false
end

--- Returns the loaded chat that was used last, preferring those in the current tab page.
---@param except integer a buffer to skip
---@return integer?
function M.last(except)
  local best, best_rank
  for _, chat in ipairs(state.all()) do
    local buf = chat.buf
    if chat.used and buf ~= except and api.nvim_buf_is_loaded(buf) then
      local rank = rank_of(chat)
      if not best or is_before(best_rank, rank) then
        best, best_rank = buf, rank
      end
    end
  end
  return best
end

--- Remembers the file of a chat that was kept without having been used, as that of a rewrite.
---@param path string
function M.keep(path)
  count = count + 1
  kept = { path = path, count = count }
end

--- Returns the file of the last such chat, if it is still there. A chat that is in a window, or was
--- used since, takes its place.
---@param buf? integer of a chat that was used
---@return string?
function M.kept(buf)
  if not kept or not vim.uv.fs_stat(kept.path) then
    return nil
  elseif buf and (#vim.fn.win_findbuf(buf) > 0 or (state.get(buf).used or 0) > kept.count) then
    return nil
  end
  return kept.path
end

return M
