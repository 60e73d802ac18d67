-- SPDX-License-Identifier: Apache-2.0
-- The diagnostics of a buffer or of some of its lines, each with the lines that it is about.
local M = {}

local api = vim.api
local excerpt = require("chatvim.command.excerpt")

local SEVERITIES = { "error", "warning", "info", "hint" }
--- Limit of the lines that are shown for one diagnostic.
local MOST_LINES = 10

--- Returns the last row that a diagnostic is about. One that ends in column 0 ends before that row.
---@param item vim.Diagnostic
---@return integer
local function last_row(item)
  local last = math.max(item.lnum, item.end_lnum or item.lnum)
  return last > item.lnum and item.end_col == 0 and last - 1 or last
end

--- Returns the diagnostics of the lines, from top to bottom, the most severe first.
---@param request chatvim.SendRequest
---@return vim.Diagnostic[]
local function find(request)
  local first, last = 0, math.huge
  if request.has_range then
    first, last = request.first - 1, request.last - 1
  end
  local items = vim.tbl_filter(function(item)
    return item.lnum <= last and last_row(item) >= first
  end, vim.diagnostic.get(request.buf))
  table.sort(items, function(a, b)
    if a.lnum ~= b.lnum then
      return a.lnum < b.lnum
    elseif a.severity ~= b.severity then
      return a.severity < b.severity
    end
    return a.col < b.col
  end)
  return items
end

--- Returns the lines from the buffer that a diagnostic is about, with their numbers.
---@param buf integer
---@param item vim.Diagnostic
---@return string[]
local function lines_of(buf, item)
  local last = last_row(item)
  local shown = math.min(last, item.lnum + MOST_LINES - 1)
  local lines = {}
  for index, line in ipairs(api.nvim_buf_get_lines(buf, item.lnum, shown + 1, false)) do
    table.insert(lines, ("%5d | %s"):format(item.lnum + index, line))
  end
  if shown < last then
    table.insert(lines, ("      | … to line %d"):format(last + 1))
  end
  return lines
end

---@param name string the file's
---@param item vim.Diagnostic
---@return string
local function describe(name, item)
  local origin = {}
  vim.list_extend(origin, item.source and { item.source } or {})
  vim.list_extend(origin, item.code and { tostring(item.code) } or {})
  local source = #origin > 0 and (" [%s]"):format(table.concat(origin, " ")) or ""
  local place = ("%s:%d:%d"):format(name, item.lnum + 1, item.col + 1)
  return ("%s: %s: %s%s"):format(place, SEVERITIES[item.severity], item.message, source)
end

--- Reads the diagnostics of the range, or of the whole buffer.
---@param request chatvim.SendRequest
---@param callback fun(err: string?, quote: chatvim.Quote?)
function M.read(request, callback)
  local lines = require("chatvim.command.send.lines")
  local name = excerpt.file_name(request.buf)
  local place = request.has_range and excerpt.label(request.buf, request.first, request.last)
    or name
  local parts = {}
  for _, item in ipairs(find(request)) do
    table.insert(parts, describe(name, item))
    vim.list_extend(parts, lines_of(request.buf, item))
  end
  if #parts == 0 then
    return callback(("%s has no diagnostics: nothing was quoted"):format(place))
  elseif #parts > lines.MOST then
    return callback(("%s has too many diagnostics: give a range"):format(place))
  end
  callback(nil, {
    label = ("Diagnostics of %s"):format(place),
    filetype = "",
    lines = require("chatvim.command.send.clean").lines(table.concat(parts, "\n")),
  })
end

return M
