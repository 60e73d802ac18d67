-- SPDX-License-Identifier: Apache-2.0
-- The protocol fields about a chat's location and the data sent with its text. Paths in a chat are
-- relative to its file, and the text of a modified buffer is newer than that of its file.
local M = {}

local api = vim.api

---@param buf integer
---@return string
local function folder(buf)
  local win = api.nvim_get_current_buf() ~= buf and vim.fn.win_findbuf(buf)[1]
  if not win then
    return vim.fn.getcwd()
  end
  local tab, number = unpack(vim.fn.win_id2tabwin(win))
  return vim.fn.getcwd(number, tab)
end

--- Returns the editor's layer of settings for a chat: the option `settings`, and above it those of
--- its exchange.
---@param buf? integer nil: no chat
---@return table<string, any>
function M.settings(buf)
  local settings = require("chatvim.config").get().settings
  local exchange = buf and require("chatvim.chat.state").get(buf).exchange
  if exchange then
    settings = vim.tbl_extend("force", settings, exchange.settings)
  end
  return require("chatvim.program.process").dictionary(settings)
end

--- Returns the fields for a chat's location: its file name and the working folder of its window.
--- Also the session's permissions, the `.chatvim.md` files that are excluded in this session, and
--- the settings of an exchange that override the document's.
---@param buf integer
---@return table<string, any>
function M.place(buf)
  -- An exchange is asked where the user is: its own buffer has no window and perhaps no file.
  local exchange = require("chatvim.chat.state").get(buf).exchange
  if exchange and api.nvim_buf_is_valid(exchange.source) then
    buf = exchange.source
  end
  return {
    file = api.nvim_buf_get_name(buf),
    folder = folder(buf),
    without_context = require("chatvim.consent.permit").left_out(),
    allow = require("chatvim.consent.permit").allowed(),
    override = exchange and exchange.override,
  }
end

--- Returns the other file buffers with unsaved text.
---@param buf integer
---@return integer[]
local function unsaved(buf)
  local found = {}
  for _, info in ipairs(vim.fn.getbufinfo({ bufloaded = 1, bufmodified = 1 })) do
    if
      info.bufnr ~= buf
      and vim.bo[info.bufnr].buftype == ""
      and vim.startswith(info.name, "/")
    then
      table.insert(found, info.bufnr)
    end
  end
  return found
end

--- Returns a buffer's text as it would be written to its file, in UTF-8.
---@param buf integer
---@return string
local function file_text(buf)
  local text = table.concat(api.nvim_buf_get_lines(buf, 0, -1, true), "\n")
  local option = vim.bo[buf]
  local ends = option.endofline or (option.fixendofline and not option.binary)
  return ends and text .. "\n" or text
end

--- Returns the text of another file's buffer if it has unsaved changes.
---@param buf integer the chat's buffer
---@param path string the name of the other one
---@return string?
function M.unsaved_text(buf, path)
  for _, other in ipairs(unsaved(buf)) do
    if api.nvim_buf_get_name(other) == path then
      return file_text(other)
    end
  end
end

--- Returns the fields that are sent with the whole text of a chat.
---@param buf integer
---@param permit chatvim.Permit
---@return table<string, any>
function M.whole(buf, permit)
  local fields = M.place(buf)
  fields.confirmed = require("chatvim.consent.permit").confirmed(buf)
  fields.unsaved = {}
  for _, other in ipairs(unsaved(buf)) do
    local path = api.nvim_buf_get_name(other)
    table.insert(fields.unsaved, path)
    if permit.wanted[path] then
      fields.buffers = fields.buffers or {}
      fields.buffers[path] = file_text(other)
    end
  end
  return fields
end

return M
