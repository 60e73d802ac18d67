-- SPDX-License-Identifier: Apache-2.0
-- Shows the usage of a finished answer below it as virtual text: model, tokens, seconds, price, and
-- why it failed. Never in the file.
local M = {}

local api = vim.api
local state = require("chatvim.chat.state")

local namespace = api.nvim_create_namespace("chatvim.ui")

--- Returns the row of the question's last line.
---@param place chatvim.Place
---@return integer row
local function question(place)
  local row
  row = require("chatvim.chat.place").shown(place) or 0
  row = math.min(row, api.nvim_buf_line_count(place.buf) - 1)
  while row > 0 and not api.nvim_buf_get_lines(place.buf, row, row + 1, true)[1]:find("%S") do
    row = row - 1
  end
  return row
end

--- Deletes the usage if its line is gone.
---@param chat chatvim.Chat
local function drop_undone(chat)
  local buf, mark = chat.buf, chat.usage_mark
  if not mark or not api.nvim_buf_is_loaded(buf) then
    return
  end
  local at = api.nvim_buf_get_extmark_by_id(buf, namespace, mark, { details = true })
  if at[1] and (at[1] ~= at[3].end_row or at[2] ~= at[3].end_col) then
    return
  end
  chat.usage_mark = nil
  if at[1] then
    api.nvim_buf_del_extmark(buf, namespace, mark)
  end
end

-- `usage_mark` is set only in Neovim 0.10, which keeps the mark when its line is undone.
state.on("lines", function(chat)
  if chat.usage_mark then
    -- Scheduled because an undo moves marks after the lines.
    vim.schedule(function()
      drop_undone(chat)
    end)
  end
end)

--- Returns the row of the last line of the answer's text. Between it and the mark are blank lines
--- and, unless there was one below already, the next user delimiter.
---@param place chatvim.Place
---@return integer? row
---@return integer? width the length of the line in bytes
local function last_line(place)
  local row, column = require("chatvim.chat.place").position(place)
  if not row then
    return
  end
  local first = math.max(row - 40, 0)
  local lines = api.nvim_buf_get_lines(place.buf, first, row + 1, false)
  if #lines == row + 1 - first then
    lines[#lines] = lines[#lines]:sub(1, column)
  end
  local delimiter = place.bare
  for index = #lines, 1, -1 do
    if lines[index]:find("%S") then
      if delimiter then
        return first + index - 1, #lines[index]
      end
      delimiter = true
    end
  end
end

--- Shows the summary of an answer, and why it failed, below its last line. If it has no text, shows
--- only why it failed, below the question.
---@param place chatvim.Place
---@param fields table the program's `ended`
---@param wrote boolean whether the answer has text
---@param failed boolean
function M.show(place, fields, wrote, failed)
  local below = require("chatvim.view.below")
  local texts = failed and below.failure(fields.message, fields.advice) or {}
  local row = wrote and last_line(place) or nil
  if row and type(fields.model) == "string" and fields.model ~= "" then
    state.get(place.buf).usage = fields
    table.insert(texts, 1, { M.summary(fields), "ChatvimUsage" })
  end
  if #texts == 0 then
    return
  end
  local start = row and require("chatvim.chat.place").start_on(place, row) or 0
  local mark = below.show(place.buf, row or question(place), start, texts, place.follow)
  if vim.fn.has("nvim-0.11") == 0 then
    state.attach(place.buf).usage_mark = mark
  end
end

--- Describes how an incomplete answer ended, or nil. The message about it disappears with the next
--- key.
---@param fields table
---@return string?
local function ending(fields)
  if fields.outcome == "stopped" then
    return "stopped"
  elseif fields.code == "cut_short" or fields.code == "truncated" then
    return "cut short"
  elseif fields.code == "unreadable" then
    return "has a gap"
  end
  return fields.outcome == "error" and "failed" or nil
end

--- Formats the tokens of one direction, with the special part in parentheses.
---@param count any
---@param name string
---@param part any
---@param part_name string
---@return string?
local function tokens(count, name, part, part_name)
  if type(count) ~= "number" then
    return
  end
  local special = type(part) == "number" and part > 0 and (" (%d %s)"):format(part, part_name) or ""
  return ("%d %s%s"):format(count, name, special)
end

--- Summarizes an answer in one line: model, how it ended if incomplete, tokens in and out, seconds
--- and price. Omits unknown values.
---@param fields table
---@return string
function M.summary(fields)
  local usage = type(fields.usage) == "table" and fields.usage or {}
  local parts = { fields.model and require("chatvim.view.printable").name(fields.model) }
  parts[#parts + 1] = ending(fields)
  parts[#parts + 1] = tokens(usage.input, "in", usage.cached, "cached")
  parts[#parts + 1] = tokens(usage.output, "out", usage.reasoning, "reasoning")
  if type(fields.seconds) == "number" then
    local first = type(fields.seconds_to_text) == "number"
        and (" (first text after %.1f s)"):format(fields.seconds_to_text)
      or ""
    table.insert(parts, ("%.1f s%s"):format(fields.seconds, first))
  end
  if type(fields.price) == "number" then
    table.insert(parts, require("chatvim.view.numbers").price(fields.price))
  end
  return require("chatvim.view.printable").show(table.concat(parts, " · "))
end

--- Returns the usage of the last answer in a buffer in short: tokens in and out, price. "" if there
--- was no answer in this Neovim, or nothing is known about it.
---@param buf integer
---@return string
function M.last(buf)
  local chat = state.find(buf)
  local fields = chat and chat.usage
  if not fields then
    return ""
  end
  local usage = type(fields.usage) == "table" and fields.usage or {}
  local short = { usage = { input = usage.input, output = usage.output }, price = fields.price }
  return M.summary(short)
end

--- Whether text of a given width fits after a line in every window that shows it.
---@param buf integer
---@param row integer
---@param column integer
---@param width integer
---@return boolean fits
---@return integer? rest if it does not fit: the free cells after the line in the first window, if
---  the line ends at `column`, wraps, and is the cursor's line in every window
local function fits_after(buf, row, column, width)
  -- Do not measure a line of megabytes: the byte count is close enough.
  local text = column < 4096 and api.nvim_buf_get_lines(buf, row, row + 1, false)[1] or nil
  -- A NUL would turn the text into a blob for the Vim function; it is displayed as "^@".
  local used = text and vim.fn.strdisplaywidth((text:gsub("%z", "^@"))) or column
  local fits, wraps, rest = true, text ~= nil and #text == column, nil
  for _, win in ipairs(vim.fn.win_findbuf(buf)) do
    local info = vim.fn.getwininfo(win)[1]
    local cells = info.width - info.textoff
    local used_in_row = used > 0 and (used - 1) % cells + 1 or 0
    rest = rest or cells - used_in_row
    fits = fits and used_in_row + 1 + width <= cells
    wraps = wraps and vim.wo[win].wrap and api.nvim_win_get_cursor(win)[1] == row + 1
  end
  return fits, not fits and wraps and rest or nil
end

--- Returns the options of an extmark that shows virtual text after a line, or below it if a window
--- has no room after it.
---@param buf integer
---@param row integer
---@param column integer the end of the relevant part of the line, in bytes
---@param chunks [string, string][]
---@param width integer the width of the chunks in cells
---@param follow? boolean windows whose cursor is on the line may scroll to show the text
---@return table
function M.virtual(buf, row, column, chunks, width, follow)
  local options = { hl_mode = "combine", undo_restore = false }
  local room, rest = fits_after(buf, row, column, width)
  if room then
    options.virt_text = chunks
    options.virt_text_pos = "eol"
  elseif follow and rest then
    -- A window with the last line at its bottom draws no virtual lines below it, but it always
    -- shows all of the cursor's line, including wrapped text.
    options.virt_text = vim.list_extend({ { (" "):rep(rest) } }, chunks)
    options.virt_text_pos = "inline"
  else
    options.virt_lines = { chunks }
  end
  return options
end

--- Returns the width of virtual text.
---@param chunks [string, string][]
---@return integer cells
function M.width(chunks)
  local width = 0
  for _, chunk in ipairs(chunks) do
    width = width + api.nvim_strwidth(chunk[1])
  end
  return width
end

return M
