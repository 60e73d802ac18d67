-- SPDX-License-Identifier: Apache-2.0
-- Where the messages of a chat stand in its buffer: for motions, folds, colours and what cuts a
-- chat in two. What a message says is the program's to read; a line that is a delimiter is one
-- wherever it stands, so that this needs no more than the lines that mean something, which
-- `chat/lines.lua` follows through every edit.
local M = {}

local api = vim.api
local format = require("chatvim.chat.format")
local special_lines = require("chatvim.chat.lines")
local state = require("chatvim.chat.state")

--- A message of a buffer. Rows count from 0.
---@class chatvim.Outline.Message
---@field role "user"|"assistant"|"system"
---@field delimiter? integer the row of its delimiter; none for text before the first one
---@field first integer the first row of its text, blank lines included
---@field last integer the last row before the next delimiter; less than `first` when there is none

--- Rows that belong together, both from 0: a block of reasoning with its first and last line.
---@class chatvim.Outline.Block
---@field first integer
---@field last integer

--- Called for `outline` (see `chat/state.lua`) after an edit of a buffer that is followed: with the
--- new rows, `first` and `last` (exclusive), and three booleans: messages were added or removed, or
--- the front matter changed; first or last lines of reasoning were added or removed; lines that may
--- embed something changed.
---@alias chatvim.Outline.Handler
---| fun(chat: chatvim.Chat, first: integer, last: integer, ...: boolean)

--- What is known about the messages of a buffer.
---@class chatvim.Outline.State
---@field lines? chatvim.Lines
---@field message? chatvim.Outline.Message the one that was last looked up
---@field index? integer its place among the messages
---@field block? chatvim.Outline.Block|false its reasoning; nil if nobody has looked yet

--- The number of a buffer that may be given as 0.
---@param buf integer
---@return integer
local function number(buf)
  return buf == 0 and api.nvim_get_current_buf() or buf
end

--- The chat's delimiters: those the program has told, else those of the option `settings`, else the
--- built-in ones.
---@param buf integer
---@return table<"user"|"assistant"|"system", string>
function M.delimiters(buf)
  return format.delimiters(number(buf))
end

--- The model that would answer, PROVIDER/NAME, as far as the program has told.
---@param buf integer
---@return string?
function M.model(buf)
  return format.model(number(buf))
end

--- What is known of how a buffer's chat is written, to see whether it has changed.
---@param buf integer
---@return { delimiters: table<string, string>, model?: string }
local function written(buf)
  return { delimiters = M.delimiters(buf), model = M.model(buf) }
end

--- The same text has other delimiters.
---@param buf integer
local function restart(buf)
  local chat = state.get(buf)
  if chat.outline then
    M.forget(buf)
    state.emit("outline", chat, 0, api.nvim_buf_line_count(buf), true, true, true)
  end
end

--- Draws a buffer anew where its chat is written in another way than before.
---@param buf integer
---@param before { delimiters: table<string, string>, model?: string }
local function take(buf, before)
  local same = vim.deep_equal(M.delimiters(buf), before.delimiters)
  if not same then
    restart(buf)
  end
  if not same or M.model(buf) ~= before.model then
    require("chatvim.view.screen").redraw(buf)
  end
end

--- Asks the program how the chat is written; what it says is drawn. Mistakes are silent here: they
--- are told when the chat is sent. A program that does not run is not started for this.
---@param buf integer
---@param on_format? fun() called when the program has answered, or has ended
function M.refresh(buf, on_format)
  buf = number(buf)
  if not api.nvim_buf_is_loaded(buf) then
    return
  end
  local before = written(buf)
  format.ask(buf, api.nvim_buf_get_lines(buf, 0, M.front(buf), true), function()
    take(buf, before)
    if on_format then
      on_format()
    end
  end)
end

--- Like `refresh`, but waits, a second at most, for what is done with the chat at once; the program
--- is started for it.
---@param buf integer
function M.settle(buf)
  buf = number(buf)
  local before = written(buf)
  local told, err = format.wait(api.nvim_buf_get_lines(buf, 0, M.front(buf), true), buf)
  if not err and api.nvim_buf_is_loaded(buf) then
    format.set(buf, told)
    take(buf, before)
  end
end

state.on("lines", function(chat, first, last, new_last)
  local outline = chat.outline
  if not outline then
    return
  end
  local changed, reasoning, embeds = true, true, true
  if outline.lines then
    outline.message = nil
    changed, reasoning, embeds = outline.lines:follow(chat.buf, first, last, new_last)
    -- Some commands report their changes only after all of them were made.
    if outline.lines.count ~= api.nvim_buf_line_count(chat.buf) then
      outline.lines = nil
    end
  end
  state.emit("outline", chat, first, new_last, changed, reasoning, embeds)
end)

state.on("reload", function(chat)
  if chat.outline then
    M.forget(chat.buf)
  end
end)

--- What is known about a buffer, which is followed from now on.
---@param buf integer
---@return chatvim.Outline.State
local function outline_of(buf)
  local chat = state.get(buf)
  if chat.outline then
    return chat.outline
  end
  local outline = {}
  -- A buffer that cannot be followed, since it is not loaded, is read each time.
  if select(2, state.attach(buf)) then
    chat.outline = outline
  end
  return outline
end

---@param buf integer
---@param outline chatvim.Outline.State
---@return chatvim.Lines
local function lines_of(buf, outline)
  if not outline.lines then
    outline.lines = special_lines.read(buf, M.delimiters(buf))
    outline.message = nil
  end
  return outline.lines
end

--- The message of a delimiter, by its place; place `start - 1` is the text before the first one.
---@param lines chatvim.Lines
---@param place integer
---@param front integer
---@return chatvim.Outline.Message
local function message_at(lines, place, front)
  local row = lines.delimiters:row(place)
  local named = row and row >= front
  return {
    role = named and lines.delimiters.values[place] or "user",
    delimiter = named and row or nil,
    first = named and row + 1 or front,
    last = (lines.delimiters:row(place + 1) or lines.count) - 1,
  }
end

--- The messages of a buffer, in order. Messages without text are among them.
---@param buf integer
---@return chatvim.Outline.Message[]
function M.messages(buf)
  local lines = lines_of(buf, outline_of(buf))
  local messages = {}
  local front, delimiters = lines:front(), lines.delimiters
  local start = delimiters:find(front)
  if (delimiters:row(start) or lines.count) > front then
    table.insert(messages, message_at(lines, start - 1, front))
  end
  for place = start, delimiters.count do
    table.insert(messages, message_at(lines, place, front))
  end
  return messages
end

--- The message that a row belongs to; nil in the front matter.
---@param buf integer
---@param row integer
---@return chatvim.Outline.Message?
---@return integer? index
function M.at(buf, row)
  local outline = outline_of(buf)
  local lines = lines_of(buf, outline)
  local message = outline.message
  if message and row >= (message.delimiter or message.first) and row <= message.last then
    return message, outline.index
  end
  local front, delimiters = lines:front(), lines.delimiters
  if row < front or row >= lines.count then
    return
  end
  local start = delimiters:find(front)
  local place = delimiters:find(row + 1) - 1
  local unnamed = (delimiters:row(start) or lines.count) > front and 1 or 0
  outline.message = message_at(lines, place, front)
  outline.index = place - start + 1 + unnamed
  outline.block = nil
  return outline.message, outline.index
end

--- How many lines the front matter has with its markers: the row of the body's first line.
---@param buf integer
---@return integer
function M.front(buf)
  return lines_of(buf, outline_of(buf)):front()
end

---@param buf integer
---@param lines chatvim.Lines
---@param message chatvim.Outline.Message
---@return chatvim.Outline.Block?
local function find_reasoning(buf, lines, message)
  local open = lines.opens:row(lines.opens:find(message.first))
  if not open or open > message.last then
    return
  end
  local close = lines.closes:row(lines.closes:find(open))
  if not close or close > message.last then
    return
  end
  for row = message.first, open - 1 do
    if api.nvim_buf_get_lines(buf, row, row + 1, true)[1]:find("[^ \t\r]") then
      return
    end
  end
  return { first = open, last = close }
end

--- The reasoning that begins the message of a row, where that is the assistant's and has some.
---@param buf integer
---@param row integer
---@return chatvim.Outline.Block?
function M.reasoning(buf, row)
  local message = M.at(buf, row)
  if not message or message.role ~= "assistant" then
    return
  end
  local outline = outline_of(buf)
  if outline.block == nil then
    outline.block = find_reasoning(buf, outline.lines, message) or false
  end
  return outline.block or nil
end

--- Whether a first line of reasoning stands in a message, at its start or not.
---@param buf integer
---@param message chatvim.Outline.Message
---@return boolean
function M.has_open(buf, message)
  local opens = lines_of(buf, outline_of(buf)).opens
  return (opens:row(opens:find(message.first)) or math.huge) <= message.last
end

--- The role whose delimiter stands in a row, in the text as it is at this moment: Neovim tells of a
--- change only after some of what it does because of it. The front matter is not looked at.
---@param buf integer
---@param row integer
---@return "user"|"assistant"|"system"?
function M.role(buf, row)
  return lines_of(buf, outline_of(buf)):role(buf, row)
end

--- The rows that may embed something: those that begin with an image link, in code and answers too.
---@param buf integer
---@return integer[]
function M.embeds(buf)
  local lines = lines_of(buf, outline_of(buf))
  local rows = {}
  for index = lines.embeds:find(lines:front()), lines.embeds.count do
    table.insert(rows, lines.embeds:row(index))
  end
  return rows
end

--- Emits `outline` after each edit of a buffer, until its text is unloaded.
---@param buf integer
function M.follow(buf)
  outline_of(buf)
end

--- Reads a buffer anew when it is next asked about: its text was replaced.
---@param buf integer
function M.forget(buf)
  local chat = state.find(buf)
  if chat and chat.outline then
    chat.outline.lines, chat.outline.message = nil, nil
  end
end

--- Text that is put into a chat, with one more `\` before each line that would be read as a
--- delimiter or as `\`s and a delimiter. A line that would close a front matter which never closes
--- is such a line too.
---@param buf integer
---@param lines string[]
---@param delimiters? table<string, string> those of the buffer if not given
---@return string[]
function M.escape(buf, lines, delimiters)
  local special = {}
  for _, delimiter in pairs(delimiters or M.delimiters(buf)) do
    special[delimiter] = true
  end
  local front = M.front(buf)
  local first = api.nvim_buf_get_lines(buf, front, front + 1, false)[1] or ""
  local marker = special_lines.bare(first)
  if marker == "+++" or marker == "---" then
    special[marker] = true
    special["..."] = marker == "---" or nil
  end
  return vim.tbl_map(function(line)
    local bare = special_lines.bare(line)
    local text = bare:match("^\\*(.*)$")
    -- A delimiter may begin with `\`s itself.
    for slashes = #bare - #text, 0, -1 do
      if special[bare:sub(slashes + 1)] then
        return "\\" .. line
      end
    end
    return line
  end, lines)
end

return M
