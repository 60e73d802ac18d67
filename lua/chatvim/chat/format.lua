-- SPDX-License-Identifier: Apache-2.0
-- How chats are written, as the program reads their front matter: delimiters and model.
local M = {}

local api = vim.api
local state = require("chatvim.chat.state")

--- Timeout for answers of the program that are needed at once, in ms.
local LIMIT = 1000

--- How a buffer's chat is written.
---@class chatvim.Format
---@field delimiters table<"user"|"assistant"|"system", string>
---@field model? string PROVIDER/NAME of the model that would answer

---@return table<"user"|"assistant"|"system", string>
local function fallback()
  local settings = require("chatvim.config").get().settings
  return {
    user = settings.userDelimiter or "# === USER ===",
    assistant = settings.assistantDelimiter or "# === ASSISTANT ===",
    system = settings.systemDelimiter or "# === SYSTEM ===",
  }
end

--- The delimiters of a buffer: those the program has told, else those of the option `settings`,
--- else the built-in ones.
---@param buf integer
---@return table<"user"|"assistant"|"system", string>
function M.delimiters(buf)
  local chat = state.find(buf)
  local format = chat and chat.format
  return format and format.delimiters or fallback()
end

--- The model that would answer in a buffer, as far as the program has told.
---@param buf integer
---@return string?
function M.model(buf)
  local chat = state.find(buf)
  return chat and chat.format and chat.format.model
end

--- What the program says, checked; nothing where it is something else.
---@param value any
---@return chatvim.Format?
local function parse(value)
  local told = type(value) == "table" and value.delimiters
  if type(told) ~= "table" then
    return
  end
  local delimiters = {}
  for _, role in ipairs({ "user", "assistant", "system" }) do
    if type(told[role]) ~= "string" then
      return
    end
    delimiters[role] = told[role]
  end
  return { delimiters = delimiters, model = type(value.model) == "string" and value.model or nil }
end

--- Asks the program, when it runs. Of several questions about a buffer the last one counts.
---@param buf integer
---@param front string[] the lines of the front matter
---@param on_format fun() called when the program has answered, or has ended
function M.ask(buf, front, on_format)
  local process = require("chatvim.program.process")
  if not process.info() then
    return
  end
  local id = process.next_id()
  local chat = state.get(buf)
  if chat.format_request then
    process.forget(chat.format_request)
  end
  chat.format_request = id
  process.listen(id, function(name, map)
    if name == "diagnostics" then
      return
    end
    process.forget(id)
    chat.format_request = nil
    if name == "result" and api.nvim_buf_is_loaded(buf) then
      chat.format = parse(map.value) or chat.format
    end
    on_format()
  end)
  local fields = require("chatvim.program.request_fields").place(buf)
  fields.id = id
  fields.text = table.concat(front, "\n")
  fields.settings = process.dictionary(require("chatvim.config").get().settings)
  process.tell("format", fields)
end

--- How a chat is written that begins with a front matter. Waits for the program, a second at most;
--- without its answer the delimiters are those of the option `settings`, or the built-in ones.
---@param front string[] the lines of the front matter with its markers, or none
---@param buf? integer the chat, where it is there already: its folder may have a say
---@return chatvim.Format format
---@return string? err why the program has not told
function M.wait(front, buf)
  local fields = buf and require("chatvim.program.request_fields").place(buf) or {}
  fields.text = table.concat(front, "\n")
  local value, err = require("chatvim.program.query").format(fields, LIMIT)
  local format = parse(value)
  return format or { delimiters = fallback() }, err
end

--- Keeps what the program has told of a buffer.
---@param buf integer
---@param format chatvim.Format
function M.set(buf, format)
  state.get(buf).format = format
end

return M
