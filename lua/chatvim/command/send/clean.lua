-- SPDX-License-Identifier: Apache-2.0
-- Makes what a program printed into lines of text, as a terminal would show them.
local M = {}

--- Removes the sequences that control a terminal (ECMA-48: CSI, OSC, and two bytes).
---@param text string
---@return string
local function without_sequences(text)
  text = text:gsub("\27%[[0-?]*[ -/]*[@-~]", "")
  text = text:gsub("\27[%]PX^_][^\7\27]*\7", ""):gsub("\27[%]PX^_][^\27]*\27\\", "")
  return (text:gsub("\27[ -/]*[0-~]", ""))
end

--- Applies backspaces and carriage returns: what is printed over is gone.
---@param line string
---@return string
local function printed_over(line)
  line = line:gsub("\r+$", "")
  line = line:match("([^\r]*)$")
  local count = 1
  while count > 0 do
    line, count = line:gsub("[^\8\128-\191][\128-\191]*\8", "")
  end
  return line
end

--- Returns the lines that a terminal would show: without colors and other control characters, and
--- with U+FFFD for bytes that are not UTF-8.
---@param text string
---@return string[]
function M.lines(text)
  text = without_sequences(require("chatvim.command.utf8").repair(text))
  local lines = vim.split(text, "\n", { plain = true })
  for index, line in ipairs(lines) do
    if line:find("%c") then
      lines[index] = printed_over(line):gsub("[^\t%C]", "")
    end
  end
  while #lines > 0 and lines[#lines] == "" do
    lines[#lines] = nil
  end
  return lines
end

return M
