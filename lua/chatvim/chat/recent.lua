-- SPDX-License-Identifier: Apache-2.0
-- The chats of this Neovim, and which of them was used last.
local M = {}

local api = vim.api
local state = require("chatvim.chat.state")

local count = 0

state.on("BufEnter", function(chat)
  if chat.used then
    M.use(chat.buf)
  end
end)

--- Adds a buffer to the chats. One that is loaded without being entered has not been used yet.
---@param buf integer
function M.add(buf)
  if api.nvim_get_current_buf() == buf then
    M.use(buf)
  else
    local chat = state.get(buf)
    chat.used = chat.used or 0
  end
end

--- A chat is used: it was opened or entered, or is asked for an answer.
---@param buf integer
function M.use(buf)
  count = count + 1
  state.get(buf).used = count
end

--- What chats are compared by, the most important first.
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

--- The loaded chat that was used last; those in the current tab page come first.
---@param except integer a buffer that is not meant
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

return M
