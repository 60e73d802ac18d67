-- SPDX-License-Identifier: Apache-2.0
-- What stays below an answer when it is there: the model, tokens, seconds and the price, and why it
-- failed, as virtual text. Never in the file.
local M = {}

local api = vim.api
local state = require("chatvim.chat.state")

local namespace = api.nvim_create_namespace("chatvim.ui")

--- The row of the question's last line.
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

-- Set for Neovim 0.10 only, which leaves the mark when its line is undone.
state.on("lines", function(chat)
  if chat.usage_mark then
    -- Later: at an undo marks move after the lines.
    vim.schedule(function()
      drop_undone(chat)
    end)
  end
end)

--- The row of the last line of the answer's text: above the mark are blank lines and, unless one
--- stood below it already, the next user delimiter.
---@param place chatvim.Place
---@return integer? row
---@return integer? width bytes of the line
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

--- Leaves what an answer was below its last line: the model, tokens and seconds, and why it failed;
--- where it has no text, below the question why it failed.
---@param place chatvim.Place
---@param map table the program's `ended`
---@param wrote boolean it has text
---@param failed boolean
function M.show(place, map, wrote, failed)
  local below = require("chatvim.view.below")
  local texts = failed and below.failure(map.message, map.advice) or {}
  local row = wrote and last_line(place) or nil
  if row and type(map.model) == "string" and map.model ~= "" then
    state.get(place.buf).usage = map
    table.insert(texts, 1, { M.summary(map), "ChatvimUsage" })
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

--- How an answer ended that is not whole: the message about it is gone with the next key.
---@param map table
---@return string?
local function ending(map)
  if map.outcome == "stopped" then
    return "stopped"
  elseif map.code == "cut_short" or map.code == "truncated" then
    return "cut short"
  elseif map.code == "unreadable" then
    return "has a gap"
  end
  return map.outcome == "error" and "failed" or nil
end

--- Tokens of one direction, with those of them that are special.
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

--- An answer in one line: model, how it ended where not well, tokens in and out, seconds, price;
--- what is not known is left out.
---@param map table
---@return string
function M.summary(map)
  local usage = type(map.usage) == "table" and map.usage or {}
  local parts = { map.model and require("chatvim.view.printable").name(map.model) }
  parts[#parts + 1] = ending(map)
  parts[#parts + 1] = tokens(usage.input, "in", usage.cached, "cached")
  parts[#parts + 1] = tokens(usage.output, "out", usage.reasoning, "reasoning")
  if type(map.seconds) == "number" then
    local first = type(map.seconds_to_text) == "number"
        and (" (first text after %.1f s)"):format(map.seconds_to_text)
      or ""
    table.insert(parts, ("%.1f s%s"):format(map.seconds, first))
  end
  if type(map.price) == "number" then
    table.insert(parts, require("chatvim.view.numbers").price(map.price))
  end
  return require("chatvim.view.printable").show(table.concat(parts, " · "))
end

--- What the last answer in a buffer took, in short: tokens in and out, price. Empty where there was
--- none in this Neovim, or nothing is known of it.
---@param buf integer
---@return string
function M.last(buf)
  local chat = state.find(buf)
  local map = chat and chat.usage
  if not map then
    return ""
  end
  local usage = type(map.usage) == "table" and map.usage or {}
  local short = { usage = { input = usage.input, output = usage.output }, price = map.price }
  return M.summary(short)
end

--- Whether text of a width fits behind a line in every window that shows it.
---@param buf integer
---@param row integer
---@param column integer
---@param width integer
---@return boolean fits
---@return integer? rest where it does not: the cells that are free behind it in the first window,
---if the line ends at `column` and is wrapped and the cursor's in every window
local function fits_after(buf, row, column, width)
  -- A line of megabytes is not measured for this: bytes are near enough.
  local text = column < 4096 and api.nvim_buf_get_lines(buf, row, row + 1, false)[1] or nil
  -- A NUL would make the text a blob on its way to the function; it is shown as "^@".
  local used = text and vim.fn.strdisplaywidth((text:gsub("%z", "^@"))) or column
  local fits, wraps, rest = true, text ~= nil and #text == column, nil
  for _, win in ipairs(vim.fn.win_findbuf(buf)) do
    local info = vim.fn.getwininfo(win)[1]
    local cells = info.width - info.textoff
    local behind = used > 0 and (used - 1) % cells + 1 or 0
    rest = rest or cells - behind
    fits = fits and behind + 1 + width <= cells
    wraps = wraps and vim.wo[win].wrap and api.nvim_win_get_cursor(win)[1] == row + 1
  end
  return fits, not fits and wraps and rest or nil
end

--- The options of a mark that shows virtual text behind a line, or below it where a window has no
--- room left behind it.
---@param buf integer
---@param row integer
---@param column integer the line's length in bytes, as far as it counts
---@param chunks [string, string][]
---@param width integer of the chunks, in cells
---@param follow? boolean windows whose cursor is on the line may scroll to show the text
---@return table
function M.virtual(buf, row, column, chunks, width, follow)
  local options = { hl_mode = "combine", undo_restore = false }
  local room, rest = fits_after(buf, row, column, width)
  if room then
    options.virt_text = chunks
    options.virt_text_pos = "eol"
  elseif follow and rest then
    -- A window with the last line at its bottom draws no line below that; but it shows the whole of
    -- the cursor's line, and so what wraps.
    options.virt_text = vim.list_extend({ { (" "):rep(rest) } }, chunks)
    options.virt_text_pos = "inline"
  else
    options.virt_lines = { chunks }
  end
  return options
end

--- How wide virtual text is.
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
