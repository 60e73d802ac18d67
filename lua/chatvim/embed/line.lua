-- SPDX-License-Identifier: Apache-2.0
-- Which lines of a buffer embed something, and where their paths are seen from: for what a person
-- does at such a line. What is sent the program reads for itself.
local M = {}

local api = vim.api

--- So many lines are read at once.
local SLICE = 2000

--- The target of the embed in a row; nothing where the row is none.
---@param buf integer
---@param row integer from 0
---@return string?
function M.target(buf, row)
  local line = api.nvim_buf_get_lines(buf, row, row + 1, false)[1] or ""
  local target = require("chatvim.embed.image_link").read(line)
  return target and M.is_place(buf, row) and target or nil
end

--- The fence that is open behind a line that begins with a fence's character.
---@param line string
---@param open? string the fence that is open before it
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
    local behind = math.min(start + SLICE, row)
    for _, line in ipairs(api.nvim_buf_get_lines(buf, start, behind, false)) do
      -- Most lines are prose.
      if line:find("^ ? ? ?[`~]") then
        fence = open_fence(line, fence)
      end
    end
  end
  return fence ~= nil
end

--- True where a line can embed something: in a message of the user's or the system's, not in a code
--- block.
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

--- The folder that a chat's file lies in; the working folder for a chat without one.
---@param buf integer
---@return string
function M.folder(buf)
  local name = api.nvim_buf_get_name(buf)
  return name:find("^/") and vim.fs.dirname(name) or vim.fn.getcwd()
end

return M
