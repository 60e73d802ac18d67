-- SPDX-License-Identifier: Apache-2.0
-- Quotes lines of a buffer, with file name and line numbers.
local M = {}

local api = vim.api

--- Limit of lines per quote: more would exceed what any model can read, and take seconds.
M.MOST = 100000

--- Returns the name of a buffer's file for display.
---@param buf integer
---@return string
function M.name(buf)
  local name = api.nvim_buf_get_name(buf)
  return name == "" and "[No Name]" or (vim.fn.fnamemodify(name, ":~:."):gsub("%c", "?"))
end

--- Returns why a line cannot be put into a chat, or nil.
---@param line string
---@return string?
local function line_error(line)
  -- Neovim's API returns a NUL as a line break.
  if line:find("[\n%z]") then
    return "holds a NUL byte"
  end
  if not require("chatvim.command.send.utf8").is_valid(line) then
    return "is not UTF-8"
  end
end

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
    local wrong = line_error(line)
    if wrong then
      return nil, ("line %d %s: nothing was quoted"):format(first + index - 1, wrong)
    end
    blank = blank and not line:find("%S")
  end
  if blank then
    return nil, "there is nothing to quote: the line is blank"
  end
  local label = M.place(buf, first, last)
  return { label = label, filetype = vim.bo[buf].filetype, lines = lines }
end

--- Returns the file name and the line numbers, as in "src/main.c:10-40".
---@param buf integer
---@param first integer from 1
---@param last integer
---@return string
function M.place(buf, first, last)
  local numbers = first == last and first or ("%d-%d"):format(first, last)
  return ("%s:%s"):format(M.name(buf), numbers)
end

--- Reads the lines of a request.
---@param request chatvim.SendRequest
---@param callback fun(err: string?, quote: chatvim.Quote?)
function M.read(request, callback)
  local quote, err = M.quote(request.buf, request.first, request.last)
  callback(err, quote)
end

return M
