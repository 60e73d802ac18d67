-- SPDX-License-Identifier: Apache-2.0
-- Detects whether a text is a chat from its lines alone, without the program.
local M = {}

--- How many lines of a buffer are searched for signs of a chat.
M.LOOK = 500
--- Settings that only a chat's front matter has.
local OURS =
  { model = true, userDelimiter = true, assistantDelimiter = true, systemDelimiter = true }

--- Whether the lines contain a delimiter, or front matter that sets the model or delimiters.
---@param lines string[]
---@param settings table<string, any>
---@return boolean
function M.is_chat(lines, settings)
  local delimiters = {
    [settings.userDelimiter or "# === USER ==="] = true,
    [settings.assistantDelimiter or "# === ASSISTANT ==="] = true,
    [settings.systemDelimiter or "# === SYSTEM ==="] = true,
  }
  for _, line in ipairs(M.front_matter(lines)) do
    if OURS[line:match("^%s*[\"']?(%w+)[\"']?%s*[=:]")] then
      return true
    end
  end
  for _, line in ipairs(lines) do
    -- `find` first, because most lines are prose and need no trimming.
    if delimiters[line] or (line:find("[ \t\r]$") and delimiters[(line:gsub("[ \t\r]+$", ""))]) then
      return true
    end
  end
  return false
end

--- Returns the lines of the front matter with its markers, or {} if it is not closed within
--- `lines`.
---@param lines string[]
---@return string[]
function M.front_matter(lines)
  local marker = (lines[1] or ""):match("^(%+%+%+)[ \t\r]*$")
    or (lines[1] or ""):match("^(%-%-%-)[ \t\r]*$")
  if not marker then
    return {}
  end
  local special = require("chatvim.chat.lines")
  local dots = marker == "---"
  for index = 2, #lines do
    local bare = special.bare(lines[index])
    local is_end = bare == marker
    if dots and bare == "..." then
      -- Only the first such line can follow a mapping.
      dots = false
      is_end = special.is_mapping(vim.list_slice(lines, 2, index - 1))
    end
    if is_end then
      return vim.list_slice(lines, 1, index)
    end
  end
  return {}
end

return M
