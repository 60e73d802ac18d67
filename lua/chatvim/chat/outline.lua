-- SPDX-License-Identifier: Apache-2.0
-- Locates the messages of a chat in its buffer, for motions, folds, highlighting and forks. Only
-- the program parses the contents of messages. A delimiter line is a delimiter wherever it is, so
-- the special lines, which `chat/lines.lua` tracks through every edit, are enough here.
local M = {}

local api = vim.api
local format = require("chatvim.chat.format")
local special_lines = require("chatvim.chat.lines")
local state = require("chatvim.chat.state")
local steps = require("chatvim.chat.steps")

--- A message of a buffer. Rows count from 0.
---@class chatvim.Outline.Message
---@field role "user"|"assistant"|"system"
---@field delimiter? integer the row of its delimiter; nil for text before the first one
---@field first integer the first row of its text, blank lines included
---@field last integer the last row before the next delimiter; less than `first` if it has no rows

--- A block of reasoning, including its first and last line. Rows count from 0.
---@class chatvim.Outline.Block
---@field first integer
---@field last integer

--- Handles the event `outline` (see `chat/state.lua`) after an edit of a tracked buffer. Gets the
--- new rows, `first` and `last` (exclusive), and three booleans: messages were added or removed, or
--- the front matter changed; lines that open or close reasoning, tool calls or states were added or
--- removed; lines that may embed something changed.
---@alias chatvim.Outline.Handler
---| fun(chat: chatvim.Chat, first: integer, last: integer, ...: boolean)

--- Cached data about the messages of a buffer.
---@class chatvim.Outline.State
---@field lines? chatvim.Lines
---@field message? chatvim.Outline.Message the last one that was looked up
---@field index? integer the index of `message`
---@field block? chatvim.Outline.Block|false its reasoning; false if it has none, nil if unknown
---@field steps table<integer, chatvim.Outline.Steps> by the first row of an answer; a cache

--- The tool calls and states of an answer.
---@class chatvim.Outline.Steps
---@field last integer the answer's last row
---@field list chatvim.Outline.Step[] in order

--- Returns the number of a buffer, resolving 0 to the current one.
---@param buf integer
---@return integer
local function number(buf)
  return buf == 0 and api.nvim_get_current_buf() or buf
end

--- Returns the chat's delimiters: those that the program has reported, else those of the option
--- `settings`, else the built-in ones.
---@param buf integer
---@return table<"user"|"assistant"|"system", string>
function M.delimiters(buf)
  return format.delimiters(number(buf))
end

--- Returns the model that would answer, as PROVIDER/NAME, or nil if the program has not reported
--- it.
---@param buf integer
---@return string?
function M.model(buf)
  return format.model(number(buf))
end

--- Returns the known format of a buffer's chat, to detect changes.
---@param buf integer
---@return { delimiters: table<string, string>, model?: string }
local function current_format(buf)
  return { delimiters = M.delimiters(buf), model = M.model(buf) }
end

--- Reads the outline again because the delimiters have changed.
---@param buf integer
local function restart(buf)
  local chat = state.get(buf)
  if chat.outline then
    M.forget(buf)
    state.emit("outline", chat, 0, api.nvim_buf_line_count(buf), true, true, true)
  end
end

--- Redraws a buffer if the format of its chat has changed.
---@param buf integer
---@param before { delimiters: table<string, string>, model?: string }
local function apply_change(buf, before)
  local same = vim.deep_equal(M.delimiters(buf), before.delimiters)
  if not same then
    restart(buf)
  end
  if not same or M.model(buf) ~= before.model then
    require("chatvim.view.screen").redraw(buf)
  end
end

--- Asks the program for the chat's format and redraws the buffer if it changed. Ignores errors in
--- the chat, which are reported when it is sent. Does not start the program.
---@param buf integer
---@param on_format? fun() called when the program has answered or ended
function M.refresh(buf, on_format)
  buf = number(buf)
  if not api.nvim_buf_is_loaded(buf) then
    return
  end
  local before = current_format(buf)
  format.ask(buf, api.nvim_buf_get_lines(buf, 0, M.front(buf), true), function()
    apply_change(buf, before)
    if on_format then
      on_format()
    end
  end)
end

--- Like `refresh`, but waits up to one second for the result, for commands that use it right away.
--- Starts the program if necessary.
---@param buf integer
function M.settle(buf)
  buf = number(buf)
  local before = current_format(buf)
  local new_format, err = format.wait(api.nvim_buf_get_lines(buf, 0, M.front(buf), true), buf)
  if not err and api.nvim_buf_is_loaded(buf) then
    format.set(buf, new_format)
    apply_change(buf, before)
  end
end

state.on("lines", function(chat, first, last, new_last)
  local outline = chat.outline
  if not outline then
    return
  end
  local changed, blocks, embeds = true, true, true
  if outline.lines then
    outline.message = nil
    for row, known in pairs(outline.steps) do
      -- Also if a delimiter right below it has changed.
      if known.last + 1 >= first then
        outline.steps[row] = nil
      end
    end
    changed, blocks, embeds = outline.lines:follow(chat.buf, first, last, new_last)
    -- Some commands report their changes only after making all of them.
    if outline.lines.count ~= api.nvim_buf_line_count(chat.buf) then
      outline.lines = nil
    end
  end
  state.emit("outline", chat, first, new_last, changed, blocks, embeds)
end)

state.on("reload", function(chat)
  if chat.outline then
    M.forget(chat.buf)
  end
end)

--- Returns the outline of a buffer and starts tracking it.
---@param buf integer
---@return chatvim.Outline.State
local function outline_of(buf)
  local chat = state.get(buf)
  if chat.outline then
    return chat.outline
  end
  local outline = { steps = {} }
  -- An unloaded buffer cannot be tracked and is read each time.
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
    outline.message, outline.steps = nil, {}
  end
  return outline.lines
end

--- Returns the message of the delimiter at an index. If `place` is before the first delimiter of
--- the body, that is the text before it.
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

--- Returns the messages of a buffer in order, including those without text.
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

--- Returns the message that contains a row; nil in the front matter.
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

--- Returns the number of lines in the front matter with its markers, which is the row of the body's
--- first line.
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

--- Returns the reasoning at the start of the message that contains a row, or nil if that is not an
--- assistant message with reasoning.
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

--- Returns the tool calls and states of the message that contains a row, in order; none if it is
--- not an answer.
---@param buf integer
---@param row integer
---@return chatvim.Outline.Step[]
function M.steps(buf, row)
  local message = M.at(buf, row)
  if not message or message.role ~= "assistant" then
    return {}
  end
  local outline = outline_of(buf)
  local known = outline.steps[message.first]
  if not known then
    local block = M.reasoning(buf, row)
    local first = block and block.last + 1 or message.first
    known = { last = message.last, list = steps.read(buf, outline.lines, first, message.last) }
    outline.steps[message.first] = known
  end
  return known.list
end

--- Returns the tool call or state that contains a row, or nil.
---@param buf integer
---@param row integer
---@return chatvim.Outline.Step?
function M.step(buf, row)
  return (steps.find(M.steps(buf, row), row))
end

--- Returns the block that folds: reasoning, or a tool call or state, if one contains the row.
---@param buf integer
---@param row integer
---@return chatvim.Outline.Block|chatvim.Outline.Step|nil
function M.block(buf, row)
  local block = M.reasoning(buf, row)
  if block and row >= block.first and row <= block.last then
    return block
  end
  return M.step(buf, row)
end

--- Whether a message contains a line that may open reasoning, a tool call or a state.
---@param buf integer
---@param message chatvim.Outline.Message
---@return boolean
function M.has_open(buf, message)
  local lines = lines_of(buf, outline_of(buf))
  local function has(rows)
    return (rows:row(rows:find(message.first)) or math.huge) <= message.last
  end
  return has(lines.opens) or has(lines.steps)
end

--- Returns the role of the delimiter in a row, or nil. Reads the current text, because Neovim
--- folds, for example, before it reports a change. Ignores whether the row is in the front matter.
---@param buf integer
---@param row integer
---@return "user"|"assistant"|"system"?
function M.role(buf, row)
  return lines_of(buf, outline_of(buf)):role(buf, row)
end

--- Returns the rows that may embed something, which begin with an image link, including those in
--- code and answers.
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

--- Discards the outline of a buffer whose text was replaced; it is read again on next use.
---@param buf integer
function M.forget(buf)
  local chat = state.find(buf)
  if chat and chat.outline then
    chat.outline.lines, chat.outline.message, chat.outline.steps = nil, nil, {}
  end
end

return M
