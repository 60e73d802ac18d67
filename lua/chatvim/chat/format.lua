-- SPDX-License-Identifier: Apache-2.0
-- The format of a chat, as the program reads it from the front matter: delimiters and model.
local M = {}

local api = vim.api
local state = require("chatvim.chat.state")

--- Timeout for answers of the program that a command waits for, in ms.
local LIMIT = 1000

--- The format of a buffer's chat.
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

--- Returns the delimiters of a buffer: those that the program has reported, else those of the
--- option `settings`, else the built-in ones.
---@param buf integer
---@return table<"user"|"assistant"|"system", string>
function M.delimiters(buf)
  local chat = state.find(buf)
  local format = chat and chat.format
  return format and format.delimiters or fallback()
end

--- Returns the model that would answer in a buffer, or nil if the program has not reported it.
---@param buf integer
---@return string?
function M.model(buf)
  local chat = state.find(buf)
  return chat and chat.format and chat.format.model
end

--- Returns the format in a reply of the program, or nil if it is invalid.
---@param value any
---@return chatvim.Format?
local function parse(value)
  local raw = type(value) == "table" and value.delimiters
  if type(raw) ~= "table" then
    return
  end
  local delimiters = {}
  for _, role in ipairs({ "user", "assistant", "system" }) do
    if type(raw[role]) ~= "string" then
      return
    end
    delimiters[role] = raw[role]
  end
  return { delimiters = delimiters, model = type(value.model) == "string" and value.model or nil }
end

--- Asks the program for the format if it is running. A new request for a buffer replaces the
--- earlier one.
---@param buf integer
---@param front string[] the lines of the front matter
---@param on_format fun() called when the program has answered or ended
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
  process.listen(id, function(name, fields)
    if name == "diagnostics" then
      return
    end
    process.forget(id)
    chat.format_request = nil
    if name == "result" and api.nvim_buf_is_loaded(buf) then
      chat.format = parse(fields.value) or chat.format
    end
    on_format()
  end)
  local fields = require("chatvim.program.request_fields").place(buf)
  fields.id = id
  fields.text = table.concat(front, "\n")
  fields.settings = require("chatvim.program.request_fields").settings(buf)
  process.tell("format", fields)
end

--- Returns the format of a chat with the given front matter. Waits up to one second for the
--- program; if it does not answer, the delimiters are those of the option `settings`, or the
--- built-in ones.
---@param front string[] the lines of the front matter with its markers; may be empty
---@param buf? integer the chat, if it exists: its folder may affect the format
---@return chatvim.Format format
---@return string? err why the program did not answer
function M.wait(front, buf)
  local fields = buf and require("chatvim.program.request_fields").place(buf) or {}
  fields.text = table.concat(front, "\n")
  local value, err = require("chatvim.program.query").format(fields, LIMIT)
  local format = parse(value)
  return format or { delimiters = fallback() }, err
end

--- Stores the format that the program has reported for a buffer.
---@param buf integer
---@param format chatvim.Format
function M.set(buf, format)
  state.get(buf).format = format
end

return M
