-- SPDX-License-Identifier: Apache-2.0
-- Quotes lines of a buffer, with file name and line numbers.
local M = {}

local api = vim.api
local excerpt = require("chatvim.command.excerpt")

--- Limit of lines per quote: more would exceed what any model can read, and take seconds.
M.MOST = 100000

--- Reads lines to quote.
---@param buf integer
---@param first integer from 1
---@param last integer
---@return chatvim.Quote? quote
---@return string? err why they cannot be quoted
function M.quote(buf, first, last)
  if last - first >= M.MOST then
    local most = require("chatvim.view.numbers").count(M.MOST)
    return nil, ("these are too many lines: at most %s can be quoted at once"):format(most)
  end
  local lines = api.nvim_buf_get_lines(buf, first - 1, last, false)
  local blank = true
  for index, line in ipairs(lines) do
    local wrong = excerpt.line_error(line)
    if wrong then
      return nil, ("line %d %s: nothing was quoted"):format(first + index - 1, wrong)
    end
    blank = blank and not line:find("%S")
  end
  if blank then
    return nil, "there is nothing to quote: the line is blank"
  end
  local label = excerpt.label(buf, first, last)
  return { label = label, filetype = vim.bo[buf].filetype, lines = lines }
end

--- Reads the lines of a request.
---@param request chatvim.SendRequest
---@param callback fun(err: string?, quote: chatvim.Quote?)
function M.read(request, callback)
  local quote, err = M.quote(request.buf, request.first, request.last)
  callback(err, quote)
end

return M
