-- SPDX-License-Identifier: Apache-2.0
-- Prepares a line of a file for display as a virtual line.
local M = {}

local api = vim.api

--- More bytes of a line are not drawn.
local LONGEST = 2000

--- Expands tabs as Neovim would show them.
---@param line string
---@param tabstop integer
---@return string
local function expand(line, tabstop)
  local parts, width, from = {}, 0, 1
  while true do
    local tab = line:find("\t", from, true)
    if not tab then
      parts[#parts + 1] = line:sub(from)
      return table.concat(parts)
    end
    local text = line:sub(from, tab - 1)
    width = width + api.nvim_strwidth(text)
    local count = tabstop - width % tabstop
    parts[#parts + 1] = text .. (" "):rep(count)
    width, from = width + count, tab + 1
  end
end

--- Returns a line as it can be drawn: tabs expanded, control characters replaced, and a very long
--- line truncated.
---@param line string
---@param tabstop integer
---@return string
function M.shown(line, tabstop)
  local printable = require("chatvim.view.printable")
  if #line > LONGEST then
    local last = LONGEST
    while last > 0 and line:byte(last + 1) >= 0x80 and line:byte(last + 1) < 0xC0 do
      last = last - 1
    end
    line = line:sub(1, last) .. "…"
  end
  return printable.show(line:find("\t", 1, true) and expand(line, tabstop) or line)
end

--- Divides a shown line into rows of a window.
---@param line string
---@param width integer cells, more than 0
---@return string[]
function M.wrap(line, width)
  local rows, from, used = {}, 1, 0
  if #line <= width then
    return { line }
  end
  for first, char in line:gmatch("()([%z\1-\127\194-\255][\128-\191]*)") do
    local cells = api.nvim_strwidth(char)
    if used + cells > width and used > 0 then
      rows[#rows + 1] = line:sub(from, first - 1)
      from, used = first, 0
    end
    used = used + cells
  end
  rows[#rows + 1] = line:sub(from)
  return rows
end

--- Returns as many cells of a shown line as a window has, with an ellipsis if it is longer.
---@param line string
---@param width integer
---@return string
function M.cut(line, width)
  if api.nvim_strwidth(line) <= width then
    return line
  end
  return width > 1 and M.wrap(line, width - 1)[1] .. "…" or "…"
end

return M
