-- SPDX-License-Identifier: Apache-2.0
-- Determines which lines of a buffer embed something, and the folder that their paths are relative
-- to, for commands on such lines. For requests, the program parses embeds itself.
local M = {}

local api = vim.api

--- How many lines are read at once.
local SLICE = 2000

--- Returns the target of the embed in a row, or nil if the row is not an embed.
---@param buf integer
---@param row integer from 0
---@return string?
function M.target(buf, row)
  local line = api.nvim_buf_get_lines(buf, row, row + 1, false)[1] or ""
  local target = require("chatvim.embed.image_link").read(line)
  return target and M.is_place(buf, row) and target or nil
end

--- Returns the fence that is open after a line that begins with a fence character.
---@param line string
---@param open? string the fence that is open before the line
---@return string?
local function open_fence(line, open)
  if not open then
    return line:match("^ ? ? ?(```+)[^`]*$") or line:match("^ ? ? ?(~~~+)")
  end
  local run = line:match("^ *(`+)[ \t\r]*$") or line:match("^ *(~+)[ \t\r]*$")
  local closes = run and #run >= #open and run:sub(1, 1) == open:sub(1, 1)
  return not closes and open or nil
end

--- Whether a fence before a row is still open there, by the rules of src/document/fence.cpp.
---@param buf integer
---@param first integer the row of the message's first line
---@param row integer
---@return boolean
local function is_code(buf, first, row)
  local fence
  for start = first, row - 1, SLICE do
    local stop = math.min(start + SLICE, row)
    for _, line in ipairs(api.nvim_buf_get_lines(buf, start, stop, false)) do
      -- Most lines are prose.
      if line:find("^ ? ? ?[`~]") then
        fence = open_fence(line, fence)
      end
    end
  end
  return fence ~= nil
end

--- Whether a line can embed something: it must be in a user or system message, outside code blocks.
---@param buf integer
---@param row integer from 0
---@return boolean
function M.is_place(buf, row)
  local message = require("chatvim.chat.outline").at(buf, row)
  return message ~= nil
    and message.role ~= "assistant"
    and row ~= message.delimiter
    and not is_code(buf, message.first, row)
end

--- Returns the folder of a chat's file, or the working folder for a chat without a file.
---@param buf integer
---@return string
function M.folder(buf)
  local name = api.nvim_buf_get_name(buf)
  return name:find("^/") and vim.fs.dirname(name) or vim.fn.getcwd()
end

return M
