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

return M
