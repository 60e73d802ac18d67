-- SPDX-License-Identifier: Apache-2.0
-- Lines of a file as markdown for a chat: their label, and a code block that their text cannot
-- close.
local M = {}

local api = vim.api

--- Returns the name of a buffer's file for display.
---@param buf integer
---@return string
function M.file_name(buf)
  local name = api.nvim_buf_get_name(buf)
  return name == "" and "[No Name]" or (vim.fn.fnamemodify(name, ":~:."):gsub("%c", "?"))
end

--- Returns the label of lines: their file and their numbers.
---@param buf integer
---@param first integer from 1
---@param last integer
---@return string
function M.label(buf, first, last)
  local numbers = first == last and first or ("%d-%d"):format(first, last)
  return ("%s:%s"):format(M.file_name(buf), numbers)
end

--- Returns a fence that is longer than any in the lines.
---@param lines string[]
---@return string
function M.fence(lines)
  local longest = 2
  for _, line in ipairs(lines) do
    if line:find("`", 1, true) then
      for run in line:gmatch("`+") do
        longest = math.max(longest, #run)
      end
    end
  end
  return ("`"):rep(longest + 1)
end

--- Returns lines as a code block.
---@param lines string[]
---@param filetype string
---@return string[]
function M.block(lines, filetype)
  local fence = M.fence(lines)
  local block = { fence .. filetype }
  vim.list_extend(block, lines)
  table.insert(block, fence)
  return block
end

--- Returns why a line cannot be put into a chat, or nil.
---@param line string
---@return string?
function M.line_error(line)
  -- Neovim's API returns a NUL as a line break.
  if line:find("[\n%z]") then
    return "holds a NUL byte"
  end
  if not require("chatvim.command.utf8").is_valid(line) then
    return "is not UTF-8"
  end
end

return M
