-- SPDX-License-Identifier: Apache-2.0
-- A line that embeds the file of a buffer, or lines of it, in place of a copy.
local M = {}

local api = vim.api
local links = require("chatvim.command.link")

--- Returns why the file of a buffer cannot be embedded, or nil.
---@param buf integer
---@return string?
local function refusal(buf)
  local name = api.nvim_buf_get_name(buf)
  if name == "" or vim.bo[buf].buftype ~= "" or name:find("^%a[%w+.-]*://") then
    return "this buffer has no file that a chat could embed; `:write` it first"
  elseif name:find("%c") then
    return "the name of this file holds control characters: rename it to embed it"
  end
end

--- Returns the part of a target that selects lines, or "" for the whole file.
---@param request chatvim.SendRequest
---@return string
local function fragment(request)
  local first, last = request.first, request.last
  local is_all = first == 1 and last == api.nvim_buf_line_count(request.buf)
  if not request.has_range or is_all then
    return ""
  end
  return first == last and ("#L%d"):format(first) or ("#L%d-L%d"):format(first, last)
end

--- Reads the line that embeds the file, or the lines of the range.
---@param request chatvim.SendRequest
---@param callback fun(err: string?, quote: chatvim.Quote?)
function M.read(request, callback)
  local err = refusal(request.buf)
  if err then
    return callback(err)
  end
  local file, lines = api.nvim_buf_get_name(request.buf), fragment(request)
  callback(nil, {
    label = "",
    filetype = "",
    names_chat = function(chat)
      local path = links.path(file, api.nvim_buf_get_name(chat))
      return ("![](%s)"):format(links.quoted(path .. lines))
    end,
  })
end

return M
