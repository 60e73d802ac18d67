-- SPDX-License-Identifier: Apache-2.0
-- Appends a quote to the chat that was used last, as a label and a fenced block. Sends nothing.
local M = {}

local api = vim.api
local excerpt = require("chatvim.command.excerpt")
local namespace = api.nvim_create_namespace("chatvim.quote")

--- Returns what a message calls a chat. That of a rewrite has no name if it is not kept.
---@param chat integer
---@return string
local function name_of(chat)
  local name = vim.fn.fnamemodify(api.nvim_buf_get_name(chat), ":~:.")
  return name ~= "" and name or "a chat without a name"
end

--- Lines to quote.
---@class chatvim.Quote
---@field label string where they are from, such as their file name and line numbers
---@field filetype string
---@field lines? string[] nil: only the label, such as a line that embeds a file
---@field names_chat? fun(chat: integer): string returns the label, which depends on the chat

--- Goes to the chat last used, or opens a new one.
---@param source integer
---@param where chatvim.Where
---@return integer? chat
---@return string? err
local function open_chat(source, where)
  local outline = require("chatvim.chat.outline")
  local chat = require("chatvim.chat.recent").last(source)
  if not chat then
    local new = require("chatvim.command.new")
    local opened, why = new.open(new.empty(where))
    if opened then
      outline.settle(opened)
    end
    return opened, why
  end
  local unfit = require("chatvim.chat.refusal").of_edit(chat)
  if unfit then
    return nil, ("%s: %s"):format(name_of(chat), unfit)
  end
  outline.settle(chat)
  local err = require("chatvim.command.window").show(chat, where)
  return not err and chat or nil, err
end

--- Handles the end of an answer above a quote. If the answer brought no user delimiter, because it
--- has no text or was undone, adds one, so that the quote does not become part of the answer
--- before.
---@param chat integer
---@param mark? integer
---@param quote chatvim.Quote
local function settle(chat, mark, quote)
  if not mark or not api.nvim_buf_is_loaded(chat) then
    return
  end
  local row = api.nvim_buf_get_extmark_by_id(chat, namespace, mark, {})[1]
  api.nvim_buf_del_extmark(chat, namespace, mark)
  -- The quote may have been undone or deleted, which leaves the mark elsewhere.
  if not row or api.nvim_buf_get_lines(chat, row, row + 1, false)[1] ~= quote.label then
    return
  end
  local outline = require("chatvim.chat.outline")
  local message = outline.at(chat, row)
  if message and message.role ~= "user" then
    local lines = { outline.delimiters(chat).user, "" }
    require("chatvim.chat.buffer").replace(chat, row, row, lines)
  end
end

--- Returns the row below the last nonblank line of a buffer.
---@param buf integer
---@return integer
local function end_of_text(buf)
  local row = api.nvim_buf_line_count(buf)
  while row > 0 and api.nvim_buf_get_lines(buf, row - 1, row, true)[1]:find("^[ \t\r]*$") do
    row = row - 1
  end
  return row
end

--- Formats a quote as markdown.
---@param quote chatvim.Quote
---@return string[]
local function fenced(quote)
  local block = quote.lines and excerpt.block(quote.lines, quote.filetype) or {}
  return vim.list_extend({ quote.label }, block)
end

--- Appends a quote to a chat as one undo step, followed by an empty line for the user.
---@param chat integer
---@param quote chatvim.Quote
---@return string? err
local function add(chat, quote)
  local outline = require("chatvim.chat.outline")
  local count = api.nvim_buf_line_count(chat)
  local below = end_of_text(chat)
  local lines = below > 0 and { "" } or {}
  local mark
  local waits = require("chatvim.chat.running").when_ended(chat, function()
    settle(chat, mark, quote)
  end)
  if waits then
    -- The answer's place may be in the blank lines, and its end adds the user delimiter.
    lines = below == count and lines or {}
    below = count
  else
    local messages = outline.messages(chat)
    local last = messages[#messages]
    if last and last.role ~= "user" then
      vim.list_extend(lines, { outline.delimiters(chat).user, "" })
    end
  end
  local start = below + #lines
  vim.list_extend(lines, require("chatvim.chat.escape").lines(chat, fenced(quote)))
  vim.list_extend(lines, { "", "" })
  local err = require("chatvim.chat.buffer").replace(chat, below, count, lines)
  if waits and not err then
    mark = api.nvim_buf_set_extmark(chat, namespace, start, 0, {})
  end
  return err
end

--- Goes back to the window that the user is working in, if a quote arrived later.
---@param request chatvim.SendRequest
---@param win integer the current window before the chat was shown
---@param chat integer
local function leave(request, win, chat)
  local is_there = win == request.win and api.nvim_win_get_buf(win) == request.buf
  if not is_there and api.nvim_win_is_valid(win) and api.nvim_win_get_buf(win) ~= chat then
    api.nvim_set_current_win(win)
    require("chatvim.notify").show(("%s is in %s now"):format(request.what, name_of(chat)), "info")
  end
end

--- Appends a quote to the chat last used, or to a new one, and goes there. If the user has left the
--- window of the request meanwhile, the current window stays.
---@param request chatvim.SendRequest
---@param quote chatvim.Quote
---@return string? err
function M.put(request, quote)
  local win = api.nvim_get_current_win()
  local chat, err = open_chat(request.buf, request.where)
  if not chat then
    return err
  end
  quote.label = quote.names_chat and quote.names_chat(chat) or quote.label
  err = add(chat, quote)
  if not err then
    api.nvim_win_set_cursor(0, { api.nvim_buf_line_count(chat), 0 })
    leave(request, win, chat)
  end
  return err
end

return M
