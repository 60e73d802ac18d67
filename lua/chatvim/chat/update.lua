-- SPDX-License-Identifier: Apache-2.0
-- Inserts the text of an answer into its buffer, one update of the program at a time.
local M = {}

local api = vim.api
local uv = vim.uv or vim.loop
local buffer = require("chatvim.chat.buffer")
local ending = require("chatvim.chat.ending")
local places = require("chatvim.chat.place")
local process = require("chatvim.program.process")
local screen = require("chatvim.view.screen")
local ui = require("chatvim.view.progress")

--- Retry interval while the buffer cannot be changed, in ms.
local RETRY = 50
--- After an update that takes longer than this, in ms, the next one is delayed by the time it took,
--- so that Neovim stays responsive when insertion is slow.
local COSTLY = 25
--- How many lines below an answer are searched for a delimiter.
local LOOK = 50

--- Returns the lines of an update, without the next user delimiter if the user has typed one below
--- the answer in the meantime: a second, empty one must not be above it.
---@param answer chatvim.Answer
---@param lines string[]
---@return string[]
local function without_second_delimiter(answer, lines)
  local last = #lines
  while last > 0 and not lines[last]:find("%S") do
    last = last - 1
  end
  -- The blank lines after an omitted delimiter may come in a separate update.
  if last == 0 and answer.left_out then
    return { "" }
  end
  local user = require("chatvim.chat.outline").delimiters(answer.buf).user
  -- After an edit of the whole buffer, find the place again first: its mark may be above the
  -- question, whose delimiter is not the next one.
  if lines[last] ~= user or buffer.settle(answer.place) then
    return lines
  end
  local row = places.position(answer.place)
  local below = row and api.nvim_buf_get_lines(answer.buf, row + 1, row + 1 + LOOK, false) or {}
  for _, line in ipairs(below) do
    if require("chatvim.chat.lines").bare(line) == user then
      answer.place.bare, answer.left_out = true, true
      local kept = vim.list_slice(lines, 1, last - 1)
      while #kept > 0 and not kept[#kept]:find("%S") do
        table.remove(kept)
      end
      return #kept > 0 and kept or { "" }
    elseif line:find("%S") then
      break
    end
  end
  return lines
end

--- Tells the program that an update is in the buffer, so that it sends the next one.
---@param answer chatvim.Answer
---@param sequence integer
---@param cost number how long the update took, in ms
local function acknowledge(answer, sequence, cost)
  local fields = { id = answer.id, sequence = sequence }
  if cost < COSTLY then
    process.send("acknowledge", fields)
    return
  end
  -- The event loop's clock did not advance during the update.
  uv.update_time()
  vim.defer_fn(function()
    if not answer.over then
      process.tell("acknowledge", fields)
    end
  end, math.ceil(cost))
end

--- Inserts text into the buffer and acknowledges it.
---@param answer chatvim.Answer
---@param fields table the protocol's `update`
---@param retry fun() called later if the buffer cannot be changed now
function M.apply(answer, fields, retry)
  local began = uv.hrtime()
  if answer.reloading then
    return vim.defer_fn(retry, RETRY)
  end
  local lines = without_second_delimiter(answer, fields.lines)
  local outcome, reason, loss = buffer.append(answer.place, lines, fields.line_start == true)
  if type(fields.phase) == "string" and fields.phase ~= "" then
    answer.progress.phase = fields.phase
  end
  if outcome == "done" then
    acknowledge(answer, fields.sequence, (uv.hrtime() - began) / 1e6)
    answer.wrote, answer.blocked = true, false
    answer.closing = type(fields.closing) == "table" and fields.closing or answer.closing
    answer.progress.blocked = nil
    ui.touch(answer.progress)
    screen.touch(answer.buf)
  elseif outcome == "blocked" then
    answer.blocked = true
    answer.progress.blocked = reason
    ui.touch(answer.progress)
    vim.defer_fn(retry, RETRY)
  else
    ending.lose(answer, tostring(reason), loss)
  end
end

return M
