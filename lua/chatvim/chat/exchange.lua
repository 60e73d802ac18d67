-- SPDX-License-Identifier: Apache-2.0
-- A question that the plugin asks for the user, such as a rewrite: an ordinary chat in a buffer
-- without a window, whose answer is passed on while it arrives.
local M = {}

local api = vim.api
local running = require("chatvim.chat.running")
local state = require("chatvim.chat.state")

--- A question in a buffer of its own.
---@class chatvim.Exchange
---@field buf integer the chat
---@field source integer the buffer whose file, folder and permissions count for the request
---@field settings table<string, any> stronger than the option `settings`
---@field override? table<string, any> settings that are stronger than the chat's front matter
---@field quiet? boolean the owner reports a failure
---@field journal? string the path of the answer's journal; "": it has none; nil: the buffer's own
---@field kept? { id: integer, journal: string } the answer's journal, once it has ended
---@field on_lines? fun(first: integer) the answer's text changed from this line on, from 0
---@field on_end? fun(event: chatvim.Event, asked: boolean) the answer has ended; it may be asked
---  again. `asked`: the user is being asked whether it may be sent
---@field on_refuse? fun() the user has not allowed to send it

--- What to ask; `chatvim.Exchange` is made of it.
---@class chatvim.Exchange.Spec
---@field buf? integer a chat that exists already; without it, a scratch buffer is created
---@field source integer
---@field settings? table<string, any>
---@field override? table<string, any>
---@field quiet? boolean
---@field journal? string default for a scratch buffer: ""
---@field on_lines? fun(first: integer)
---@field on_end? fun(event: chatvim.Event, asked: boolean)
---@field on_refuse? fun()

state.on("lines", function(chat, first)
  local exchange = chat.exchange
  if exchange and exchange.on_lines then
    exchange.on_lines(first)
  end
end)

state.on("ended", function(chat, event, asked)
  local exchange = chat.exchange
  if exchange and exchange.on_end then
    exchange.on_end(event, asked)
  end
end)

state.on("refused", function(chat)
  local exchange = chat.exchange
  if exchange and exchange.on_refuse then
    exchange.on_refuse()
  end
end)

--- Creates the buffer of an exchange.
---@return integer
function M.buffer()
  local buf = api.nvim_create_buf(false, true)
  vim.bo[buf].bufhidden = "hide"
  return buf
end

--- Asks a question: fills a buffer with a chat, and requests its answer. The owner wipes the buffer
--- when it is done with it, unless it has become the user's.
---@param exchange chatvim.Exchange.Spec
---@param lines? string[] the chat; nil keeps the buffer's text
---@return chatvim.Exchange
function M.start(exchange, lines)
  exchange.settings = exchange.settings or {}
  if not exchange.buf then
    exchange.buf = M.buffer()
    exchange.journal = exchange.journal or ""
  end
  ---@cast exchange chatvim.Exchange
  if lines then
    api.nvim_buf_set_lines(exchange.buf, 0, -1, true, lines)
  end
  local chat = state.attach(exchange.buf)
  chat.exchange = exchange
  running.start(exchange.buf)
  return exchange
end

--- Codes of answers that ended, but are not whole.
local CUT = { cut_short = true, truncated = true, unreadable = true }

--- Whether an answer has ended and is whole.
---@param event chatvim.Event
---@return boolean
function M.is_whole(event)
  return event.outcome == "done" and not CUT[event.code or ""]
end

--- Stops an exchange's answer and removes its buffer.
---@param exchange chatvim.Exchange
function M.drop(exchange)
  running.stop(exchange.buf)
  if api.nvim_buf_is_valid(exchange.buf) then
    -- Its answer is not wanted any more, so its journal goes too.
    vim.bo[exchange.buf].modified = false
    api.nvim_buf_delete(exchange.buf, { force = true })
  end
end

--- Removes an exchange's buffer, unless the user looks at it.
---@param exchange chatvim.Exchange.Spec|chatvim.Exchange
function M.drop_hidden(exchange)
  local buf = exchange.buf
  if
    buf
    and api.nvim_buf_is_valid(buf)
    and not vim.bo[buf].buflisted
    and #vim.fn.win_findbuf(buf) == 0
  then
    M.drop(exchange)
  end
end

--- Returns the last answer's text in an exchange, as the program reads it. Calls `callback` once.
---@param exchange chatvim.Exchange
---@param callback fun(text: string?, err: string?)
function M.answer(exchange, callback)
  require("chatvim.program.query").ask("messages", exchange.buf, function(err, messages)
    local last = not err and messages[#messages]
    if last and last.role == "assistant" then
      callback(last.content)
    else
      callback(nil, err or "the answer has no text")
    end
  end)
end

return M
