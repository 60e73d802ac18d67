-- SPDX-License-Identifier: Apache-2.0
-- Where the messages of a chat stand in its buffer: for motions, folds, colours and what cuts a
-- chat in two. What a message says is the program's to read; a line that is a delimiter is one
-- wherever it stands, so that this needs no more than the lines that mean something, which
-- `chat/lines.lua` follows through every edit.
local M = {}

local api = vim.api
local format = require("chatvim.chat.format")
local special_lines = require("chatvim.chat.lines")

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

--- Called after an edit with the rows that are new, `first` and `last` (exclusive), and three
--- booleans: messages have come or gone or the front matter is another; first or last lines of
--- reasoning have come or gone; lines that may embed something have changed.
---@alias chatvim.Outline.Watcher fun(first: integer, last: integer, ...: boolean)

--- What is known of a buffer. Owned by this file, gone with the buffer's text.
---@class chatvim.Outline.State
---@field lines? chatvim.Lines
---@field message? chatvim.Outline.Message the one that was last looked up
---@field index? integer its place among the messages
---@field block? chatvim.Outline.Block|false its reasoning; nil where nobody has looked yet
---@field watchers chatvim.Outline.Watcher[]

---@type table<integer, chatvim.Outline.State>
local states = {}

--- A buffer's number, by which it is known when it is no longer the current one.
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
  local state = states[buf]
  if state then
    state.lines, state.message = nil, nil
    for _, watcher in ipairs(state.watchers) do
      watcher(0, api.nvim_buf_line_count(buf), true, true, true)
    end
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
    require("chatvim.view.highlight").redraw(buf)
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

---@param buf integer
---@param state chatvim.Outline.State
---@param first integer
---@param last integer
---@param new_last integer
local function follow(buf, state, first, last, new_last)
  local changed, reasoning, embeds = true, true, true
  if state.lines then
    state.message = nil
    changed, reasoning, embeds = state.lines:follow(buf, first, last, new_last)
    -- A command that tells of its changes only after all of them were made.
    if state.lines.count ~= api.nvim_buf_line_count(buf) then
      state.lines = nil
    end
  end
  for _, watcher in ipairs(state.watchers) do
    watcher(first, new_last, changed, reasoning, embeds)
  end
end

--- What is known of a buffer, which is followed from now on.
---@param buf integer
---@return chatvim.Outline.State
local function state_of(buf)
  buf = number(buf)
  local state = states[buf]
  if state then
    return state
  end
  state = { watchers = {} }
  local attached = api.nvim_buf_attach(buf, false, {
    on_lines = function(_, _, _, first, last, new_last)
      if states[buf] ~= state then
        return true
      end
      follow(buf, state, first, last, new_last)
    end,
    on_reload = function()
      state.lines, state.message = nil, nil
    end,
    on_detach = function()
      if states[buf] == state then
        states[buf] = nil
        format.forget(buf)
      end
    end,
  })
  -- A buffer that cannot be followed, since it is not loaded, is read each time.
  if attached then
    states[buf] = state
  end
  return state
end

---@param buf integer
---@param state chatvim.Outline.State
---@return chatvim.Lines
local function lines_of(buf, state)
  if not state.lines then
    state.lines = special_lines.read(buf, M.delimiters(buf))
    state.message = nil
  end
  return state.lines
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
  local lines = lines_of(buf, state_of(buf))
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

--- The message that a row belongs to; none in the front matter.
---@param buf integer
---@param row integer
---@return chatvim.Outline.Message?
---@return integer? index
function M.at(buf, row)
  local state = state_of(buf)
  local lines = lines_of(buf, state)
  local message = state.message
  if message and row >= (message.delimiter or message.first) and row <= message.last then
    return message, state.index
  end
  local front, delimiters = lines:front(), lines.delimiters
  if row < front or row >= lines.count then
    return
  end
  local start = delimiters:find(front)
  local place = delimiters:find(row + 1) - 1
  local unnamed = (delimiters:row(start) or lines.count) > front and 1 or 0
  state.message = message_at(lines, place, front)
  state.index = place - start + 1 + unnamed
  state.block = nil
  return state.message, state.index
end

--- How many lines the front matter has with its markers: the row of the body's first line.
---@param buf integer
---@return integer
function M.front(buf)
  return lines_of(buf, state_of(buf)):front()
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
  local state = state_of(buf)
  if state.block == nil then
    state.block = find_reasoning(buf, state.lines, message) or false
  end
  return state.block or nil
end

--- Whether a first line of reasoning stands in a message, at its start or not.
---@param buf integer
---@param message chatvim.Outline.Message
---@return boolean
function M.has_open(buf, message)
  local opens = lines_of(buf, state_of(buf)).opens
  return (opens:row(opens:find(message.first)) or math.huge) <= message.last
end

--- The role whose delimiter stands in a row, in the text as it is at this moment: Neovim tells of a
--- change only after some of what it does because of it. The front matter is not looked at.
---@param buf integer
---@param row integer
---@return "user"|"assistant"|"system"?
function M.role(buf, row)
  return lines_of(buf, state_of(buf)):role(buf, row)
end

--- The rows that may embed something: those that begin with an image link, in code and answers too.
---@param buf integer
---@return integer[]
function M.embeds(buf)
  local lines = lines_of(buf, state_of(buf))
  local rows = {}
  for index = lines.embeds:find(lines:front()), lines.embeds.count do
    table.insert(rows, lines.embeds:row(index))
  end
  return rows
end

--- Calls `on_change` after each edit of a buffer, until its text is unloaded.
---@param buf integer
---@param on_change chatvim.Outline.Watcher
function M.watch(buf, on_change)
  table.insert(state_of(buf).watchers, on_change)
end

--- The buffer's text is another one: it is read anew when it is asked for.
---@param buf integer
function M.forget(buf)
  local state = states[number(buf)]
  if state then
    state.lines, state.message = nil, nil
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
