-- SPDX-License-Identifier: Apache-2.0
-- What stays beside an answer when it is there: the model, tokens, seconds and the price, as
-- virtual text. Never in the file.
local M = {}

local api = vim.api
local set_mark = api.nvim_buf_set_extmark

local namespace = api.nvim_create_namespace("chatvim.ui")

---@type table<integer, table> by buffer, the `ended` of its last answer
local ended = {}

--- Leaves what an answer was, at its last line: the model, tokens and seconds.
---@param place chatvim.Place
---@param map table the program's `ended`
function M.show(place, map)
  ended[place.buf] = map
  local row, width = M._last_line(place)
  if not row then
    return
  end
  -- Over the whole line, so that it goes when the line does.
  local chunks = { { M.summary(map), "ChatvimUsage" } }
  local options = M.virtual(place.buf, row, width, chunks, M.width(chunks))
  options.end_row = row
  options.end_col = width
  options.invalidate = true
  local mark = set_mark(place.buf, namespace, row, 0, options)
  if vim.fn.has("nvim-0.11") == 0 then
    M._drop_undone(place.buf, mark)
  end
end

--- An answer in one line: model, tokens in and out, seconds, price; what is not known is left out.
---@param map table
---@return string
function M.summary(map)
  local usage = type(map.usage) == "table" and map.usage or {}
  local parts = { map.model }
  parts[#parts + 1] = M._tokens(usage.input, "in", usage.cached, "cached")
  parts[#parts + 1] = M._tokens(usage.output, "out", usage.reasoning, "reasoning")
  if type(map.seconds) == "number" then
    local first = type(map.seconds_to_text) == "number"
        and (" (first text after %.1f s)"):format(map.seconds_to_text)
      or ""
    table.insert(parts, ("%.1f s%s"):format(map.seconds, first))
  end
  if type(map.price) == "number" then
    table.insert(parts, M._price(map.price))
  end
  return table.concat(parts, " · ")
end

--- What the last answer in a buffer took, in short: tokens in and out, price. Empty where there was
--- none in this Neovim, or nothing is known of it.
---@param buf integer
---@return string
function M.last(buf)
  local map = ended[buf]
  if not map then
    return ""
  end
  local usage = type(map.usage) == "table" and map.usage or {}
  local short = { usage = { input = usage.input, output = usage.output }, price = map.price }
  return M.summary(short)
end

--- Tokens of one direction, with those of them that are special.
---@param count any
---@param name string
---@param part any
---@param part_name string
---@return string?
function M._tokens(count, name, part, part_name)
  if type(count) ~= "number" then
    return
  end
  local special = type(part) == "number" and part > 0 and (" (%d %s)"):format(part, part_name) or ""
  return ("%d %s%s"):format(count, name, special)
end

--- Dollars, exact enough for an answer that costs next to nothing.
---@param price number
---@return string
function M._price(price)
  if price > 0 and price < 0.0001 then
    return "< $0.0001"
  end
  return (price < 1 and "$%.4f" or "$%.2f"):format(price)
end

--- The options of a mark that shows virtual text behind a line, or below it where the window has no
--- room left behind it.
---@param buf integer
---@param row integer
---@param column integer the line's length in bytes, as far as it counts
---@param chunks [string, string][]
---@param width integer of the chunks, in cells
---@return table
function M.virtual(buf, row, column, chunks, width)
  local options = { hl_mode = "combine", undo_restore = false }
  if M._has_room(buf, row, column, width) then
    options.virt_text = chunks
    options.virt_text_pos = "eol"
  else
    options.virt_lines = { chunks }
  end
  return options
end

--- Whether text of a width fits behind a line in every window that shows it.
---@param buf integer
---@param row integer
---@param column integer
---@param width integer
---@return boolean
function M._has_room(buf, row, column, width)
  local used
  for _, win in ipairs(vim.fn.win_findbuf(buf)) do
    local info = vim.fn.getwininfo(win)[1]
    local cells = info.width - info.textoff
    if not used then
      -- A line of megabytes is not measured for this: bytes are near enough.
      local text = column < 4096 and api.nvim_buf_get_lines(buf, row, row + 1, false)[1] or nil
      -- A NUL would make the text a blob on its way to the function; it is shown as "^@".
      used = text and vim.fn.strdisplaywidth((text:gsub("%z", "^@"))) or column
    end
    local behind = used > 0 and (used - 1) % cells + 1 or 0
    if behind + 1 + width > cells then
      return false
    end
  end
  return true
end

---@param chunks [string, string][]
---@return integer cells
function M.width(chunks)
  local width = 0
  for _, chunk in ipairs(chunks) do
    width = width + api.nvim_strwidth(chunk[1])
  end
  return width
end

--- Takes the usage away with its line where Neovim does not: 0.10 leaves the mark after an undo.
---@param buf integer
---@param mark integer
function M._drop_undone(buf, mark)
  local gone = false
  api.nvim_buf_attach(buf, false, {
    on_lines = function()
      -- Later: at an undo marks move after the lines.
      vim.schedule(function()
        if gone or not api.nvim_buf_is_loaded(buf) then
          return
        end
        local at = api.nvim_buf_get_extmark_by_id(buf, namespace, mark, { details = true })
        gone = not at[1] or (at[1] == at[3].end_row and at[2] == at[3].end_col)
        if gone and at[1] then
          api.nvim_buf_del_extmark(buf, namespace, mark)
        end
      end)
      return gone
    end,
  })
end

--- The row of the last line of the answer's text: above the mark are blank lines and the next
--- user delimiter.
---@param place chatvim.Place
---@return integer? row
---@return integer? width bytes of the line
function M._last_line(place)
  local row, column = require("chatvim.buffer").position(place)
  if not row then
    return
  end
  local first = math.max(row - 40, 0)
  local lines = api.nvim_buf_get_lines(place.buf, first, row + 1, false)
  if #lines == row + 1 - first then
    lines[#lines] = lines[#lines]:sub(1, column)
  end
  local delimiter = false
  for index = #lines, 1, -1 do
    if lines[index]:find("%S") then
      if delimiter then
        return first + index - 1, #lines[index]
      end
      delimiter = true
    end
  end
end

return M
