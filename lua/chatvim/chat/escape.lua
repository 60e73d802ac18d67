-- SPDX-License-Identifier: Apache-2.0
-- Escapes text that is inserted into a chat.
local M = {}

local api = vim.api
local outline = require("chatvim.chat.outline")
local special_lines = require("chatvim.chat.lines")

--- Escapes text for insertion into a chat: adds a `\` before each line that would be parsed as a
--- delimiter or as `\`s and a delimiter, and before lines that would close a front matter that is
--- not closed yet.
---@param buf integer
---@param lines string[]
---@param delimiters? table<string, string> default: those of the buffer
---@return string[]
function M.lines(buf, lines, delimiters)
  local special = {}
  for _, delimiter in pairs(delimiters or outline.delimiters(buf)) do
    special[delimiter] = true
  end
  local front = outline.front(buf)
  local first = api.nvim_buf_get_lines(buf, front, front + 1, false)[1] or ""
  local marker = special_lines.bare(first)
  if marker == "+++" or marker == "---" then
    special[marker] = true
    special["..."] = marker == "---" or nil
  end
  -- Most lines begin with another character.
  local begins = { [92] = true } -- "\\"
  for text in pairs(special) do
    begins[text:byte(1) or 0] = true
  end
  return vim.tbl_map(function(line)
    if not begins[line:byte(1) or 0] then
      return line
    end
    local bare = special_lines.bare(line)
    local text = bare:match("^\\*(.*)$")
    -- The delimiter itself may begin with `\`s.
    for slashes = #bare - #text, 0, -1 do
      if special[bare:sub(slashes + 1)] then
        return "\\" .. line
      end
    end
    return line
  end, lines)
end

--- Beginnings of lines that a writer escapes in an answer.
local STEPS = { "<details><summary>Step", "<!-- chatvim:state" }

--- Removes the escape of a line of an answer's text.
---@param line string
---@param delimiters table<string, string>
---@return string
function M.unescape(line, delimiters)
  if line:byte(1) ~= 92 then -- "\"
    return line
  end
  local bare = special_lines.bare(line)
  local slashes = #bare:match("^\\+")
  local text = bare:sub(slashes + 1)
  for _, step in ipairs(STEPS) do
    if vim.startswith(text, step) then
      return line:sub(2)
    end
  end
  -- A delimiter itself may begin with `\`s.
  for first = 2, slashes + 1 do
    for _, delimiter in pairs(delimiters) do
      if bare:sub(first) == delimiter then
        return line:sub(2)
      end
    end
  end
  return line
end

return M
