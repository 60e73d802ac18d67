-- SPDX-License-Identifier: Apache-2.0
-- The chats of this Neovim, and which of them was used last.
local M = {}

local api = vim.api

---@type table<integer, integer> when each was used last, counted; 0: not since it was opened
local used = {}
local count = 0
local watching = false

local function watch()
  if watching then
    return
  end
  watching = true
  api.nvim_create_autocmd("BufEnter", {
    group = api.nvim_create_augroup("chatvim.recent", {}),
    desc = "Chatvim: remember which chat was used last",
    callback = function(event)
      if used[event.buf] then
        M.use(event.buf)
      end
    end,
  })
end

--- Counts a buffer among the chats. One that is loaded without being entered was not used yet.
---@param buf integer
function M.add(buf)
  if api.nvim_get_current_buf() == buf then
    M.use(buf)
  else
    used[buf] = used[buf] or 0
    watch()
  end
end

--- A chat is used: it was opened or entered, or is asked for an answer.
---@param buf integer
function M.use(buf)
  count = count + 1
  used[buf] = count
  watch()
end

--- What decides between two chats, the most important first.
---@param buf integer
---@return integer[]
local function rank_of(buf)
  local visible = require("chatvim.command.window").of(buf) and 1 or 0
  return { visible, used[buf], vim.fn.getbufinfo(buf)[1].lastused, buf }
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
  for buf in pairs(used) do
    if not api.nvim_buf_is_valid(buf) then
      used[buf] = nil
    elseif buf ~= except and api.nvim_buf_is_loaded(buf) then
      local rank = rank_of(buf)
      if not best or is_before(best_rank, rank) then
        best, best_rank = buf, rank
      end
    end
  end
  return best
end

return M
