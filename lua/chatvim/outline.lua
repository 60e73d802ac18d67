-- SPDX-License-Identifier: Apache-2.0
-- Where the messages of a chat stand in its buffer: for motions, folds, colours and what cuts a
-- chat in two. What a message says is the program's to read; a line that is a delimiter is one
-- wherever it stands, so that this needs no more than the three delimiters.
local M = {}

local api = vim.api

--- So long the program is waited for where its answer is needed at once, in milliseconds.
local LIMIT = 1000

--- A message of a buffer. Rows count from 0.
---@class chatvim.Outline.Message
---@field role "user"|"assistant"|"system"
---@field delimiter? integer the row of its delimiter; none for text before the first one
---@field first integer the first row of its text, blank lines included
---@field last integer the last row before the next delimiter; less than `first` when there is none

--- How a buffer's chat is written, as the program read it.
---@class chatvim.Outline.Format
---@field delimiters table<"user"|"assistant"|"system", string>
---@field model? string PROVIDER/NAME of the model that would answer

---@type table<integer, chatvim.Outline.Format>
local formats = {}

--- The chat's delimiters: those the program has told, else those of the option `settings`, else the
--- built-in ones.
---@param buf integer
---@return table<"user"|"assistant"|"system", string>
function M.delimiters(buf)
  local format = formats[buf]
  return format and format.delimiters or M._fallback()
end

--- The model that would answer, PROVIDER/NAME, as far as the program has told.
---@param buf integer
---@return string?
function M.model(buf)
  return formats[buf] and formats[buf].model
end

--- Asks the program how the chat is written. Mistakes are silent here: they are told when the chat
--- is sent.
---@param buf integer
---@param on_format? fun() called when the program has answered
function M.refresh(buf, on_format)
  local process = require("chatvim.process")
  local id = process.next_id()
  process.listen(id, function(name, map)
    if name == "diagnostics" then
      return
    end
    process.forget(id)
    if name == "result" and type(map.value) == "table" and api.nvim_buf_is_valid(buf) then
      formats[buf] = map.value
    end
    if on_format then
      on_format()
    end
  end)
  local lines = require("chatvim.attach").front_matter(api.nvim_buf_get_lines(buf, 0, 500, false))
  local settings = require("chatvim.config").get().settings
  local text = table.concat(lines, "\n")
  process.tell("format", { id = id, text = text, settings = process.dictionary(settings) })
end

--- How a chat is written that begins with a front matter. Waits for the program, a second at most;
--- without its answer the delimiters are those of `delimiters`.
---@param front string[] the lines of the front matter with its markers, or none
---@return chatvim.Outline.Format format
---@return string? err why the program has not told
function M.format(front)
  local format, err = require("chatvim.query").format(table.concat(front, "\n"), LIMIT)
  return format or { delimiters = M._fallback() }, err
end

--- Like `refresh`, but waits, a second at most, for what is done with the chat at once.
---@param buf integer
function M.settle(buf)
  local lines = api.nvim_buf_get_lines(buf, 0, 500, false)
  local format, err = M.format(require("chatvim.attach").front_matter(lines))
  if not err and api.nvim_buf_is_valid(buf) then
    formats[buf] = format
  end
end

--- The messages of a buffer, in order. Messages without text are among them.
---@param buf integer
---@return chatvim.Outline.Message[]
function M.messages(buf)
  local lines = api.nvim_buf_get_lines(buf, 0, -1, true)
  local roles = {}
  for role, delimiter in pairs(M.delimiters(buf)) do
    roles[delimiter] = role
  end
  local front = #require("chatvim.attach").front_matter(lines)
  local messages = { { role = "user", first = front } }
  for index = front + 1, #lines do
    local role = roles[lines[index]] or roles[(lines[index]:gsub("[ \t]+$", ""))]
    if role then
      messages[#messages].last = index - 2
      table.insert(messages, { role = role, delimiter = index - 1, first = index })
    end
  end
  messages[#messages].last = #lines - 1
  if messages[1].last < messages[1].first then
    table.remove(messages, 1)
  end
  return messages
end

--- The message that a row belongs to; none in the front matter.
---@param buf integer
---@param row integer
---@return chatvim.Outline.Message?
---@return integer? index
function M.at(buf, row)
  for index, message in ipairs(M.messages(buf)) do
    if row >= (message.delimiter or message.first) and row <= message.last then
      return message, index
    end
  end
end

--- Text that is put into a chat, with one more `\` before each line that would be read as a
--- delimiter or as `\`s and a delimiter.
---@param buf integer
---@param lines string[]
---@param delimiters? table<string, string> those of the buffer if not given
---@return string[]
function M.escape(buf, lines, delimiters)
  local special = {}
  for _, delimiter in pairs(delimiters or M.delimiters(buf)) do
    special[delimiter] = true
  end
  local marker = M._open_marker(buf)
  if marker then
    special[marker] = true
  end
  return vim.tbl_map(function(line)
    local bare = line:gsub("[ \t]+$", "")
    while bare ~= "" do
      if special[bare] then
        return "\\" .. line
      end
      if bare:sub(1, 1) ~= "\\" then
        return line
      end
      bare = bare:sub(2)
    end
    return line
  end, lines)
end

--- The marker of a front matter that the chat's text begins with: a line like it further down would
--- make settings of what is above it, so that it counts as a delimiter in such a chat.
---@param buf integer
---@return string?
function M._open_marker(buf)
  local lines = api.nvim_buf_get_lines(buf, 0, 1, false)
  if not lines[1]:find("^[-+]") then
    return
  end
  lines = api.nvim_buf_get_lines(buf, 0, -1, false)
  local first = lines[#require("chatvim.attach").front_matter(lines) + 1] or ""
  return first:match("^(%+%+%+)[ \t]*$") or first:match("^(%-%-%-)[ \t]*$")
end

---@return table<"user"|"assistant"|"system", string>
function M._fallback()
  local settings = require("chatvim.config").get().settings
  return {
    user = settings.userDelimiter or "# === USER ===",
    assistant = settings.assistantDelimiter or "# === ASSISTANT ===",
    system = settings.systemDelimiter or "# === SYSTEM ===",
  }
end

return M
