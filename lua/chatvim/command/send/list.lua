-- SPDX-License-Identifier: Apache-2.0
-- The quickfix list, or the location list of the window, as text.
local M = {}

local TYPES = { E = "error: ", W = "warning: ", I = "info: ", N = "note: ", H = "hint: " }

---@param item table an entry, see |getqflist()|
---@return string
local function describe(item)
  if item.valid == 0 then
    return item.text
  end
  local place = item.bufnr > 0 and require("chatvim.command.excerpt").file_name(item.bufnr) or ""
  for _, number in ipairs({ item.lnum, item.lnum > 0 and item.col or 0 }) do
    place = number > 0 and ("%s:%d"):format(place, number) or place
  end
  place = place ~= "" and place .. ": " or ""
  return ("%s%s%s"):format(place, TYPES[item.type:upper()] or "", vim.trim(item.text))
end

--- Reads the list.
---@param request chatvim.SendRequest its source is "quickfix" or "loclist"
---@param callback fun(err: string?, quote: chatvim.Quote?)
function M.read(request, callback)
  local is_quickfix = request.source == "quickfix"
  local what = { items = 1, title = 1 }
  local list = is_quickfix and vim.fn.getqflist(what) or vim.fn.getloclist(request.win, what)
  local most = require("chatvim.command.send.lines").MOST
  local name = is_quickfix and "the quickfix list" or "the location list of this window"
  if #list.items == 0 then
    return callback(("%s is empty: nothing was quoted"):format(name))
  elseif #list.items > most then
    return callback(("%s is too long: nothing was quoted"):format(name))
  end
  local text = table.concat(vim.tbl_map(describe, list.items), "\n")
  local title = vim.trim((list.title or ""):gsub("%c", " "))
  callback(nil, {
    label = (is_quickfix and "Quickfix list" or "Location list")
      .. (title ~= "" and (": %s"):format(title) or ""),
    filetype = "",
    lines = require("chatvim.command.send.clean").lines(text),
  })
end

return M
