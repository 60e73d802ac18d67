-- SPDX-License-Identifier: Apache-2.0
-- Appends lines of a buffer to a chat as a fenced quote with file name and line numbers. Sends
-- nothing.
local M = {}

local api = vim.api
local excerpt = require("chatvim.command.excerpt")
local namespace = api.nvim_create_namespace("chatvim.quote")

--- Limit of lines per quote: more would exceed what any model can read, and take seconds.
local MOST = 100000

--- Lines to quote.
---@class chatvim.Quote
---@field label string their file name and line numbers
---@field filetype string
---@field lines string[]
---@field embed? boolean `label` is a line that embeds a file; there are no lines

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
    return nil, ("%s: %s"):format(vim.fn.fnamemodify(api.nvim_buf_get_name(chat), ":~:."), unfit)
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
  local lines = { quote.label }
  return quote.embed and lines or vim.list_extend(lines, excerpt.block(quote.lines, quote.filetype))
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

--- Appends a quote to the chat last used, or to a new one, and goes there.
---@param direction? string
---@param mods vim.api.keyset.cmd_mods
---@param quote_for fun(chat: integer): chatvim.Quote
---@return string? err
local function put(direction, mods, quote_for)
  local window = require("chatvim.command.window")
  local where, err = window.where(direction, mods, "right")
  err = err or window.refusal()
  if err then
    return err
  end
  local chat
  chat, err = open_chat(api.nvim_get_current_buf(), where)
  if not chat then
    return err
  end
  err = add(chat, quote_for(chat))
  if not err then
    api.nvim_win_set_cursor(0, { api.nvim_buf_line_count(chat), 0 })
  end
  return err
end

--- Reads the lines to quote.
---@param buf integer
---@param first integer
---@param last integer
---@return chatvim.Quote? quote
---@return string? err why they cannot be quoted
local function read_quote(buf, first, last)
  if last - first >= MOST then
    local most = require("chatvim.view.numbers").count(MOST)
    return nil, ("these are too many lines: at most %s can be quoted at once"):format(most)
  end
  local lines = api.nvim_buf_get_lines(buf, first - 1, last, false)
  local blank = true
  for index, line in ipairs(lines) do
    local wrong = excerpt.line_error(line)
    if wrong then
      return nil, ("line %d %s: nothing was quoted"):format(first + index - 1, wrong)
    end
    blank = blank and not line:find("%S")
  end
  if blank then
    return nil, "there is nothing to quote: the line is blank"
  end
  local label = excerpt.label(buf, first, last)
  return { label = label, filetype = vim.bo[buf].filetype, lines = lines }
end

---@param first integer
---@param last integer
---@param direction? string
---@param mods vim.api.keyset.cmd_mods
---@return string? err
local function send(first, last, direction, mods)
  local refusal = require("chatvim.command.window").refusal()
  if refusal then
    return refusal
  end
  local quote, err = read_quote(api.nvim_get_current_buf(), first, last)
  if not quote then
    return err
  end
  return put(direction, mods, function()
    return quote
  end)
end

--- Quotes lines of the current buffer in the chat last used, or in a new one if there is no other
--- chat, and goes there. Shows why if it cannot.
---@param first integer from 1
---@param last integer
---@param direction? string
---@param mods vim.api.keyset.cmd_mods
function M.send(first, last, direction, mods)
  local err = send(first, last, direction, mods)
  if err then
    require("chatvim.notify").show(err, "warn")
  end
end

--- Returns the target for embedding a file: relative to the chat's folder if it is below that.
---@param file string
---@param chat string the chat's path
---@return string
local function embed_target(file, chat)
  local folder = vim.fs.dirname(chat) .. "/"
  local target = vim.startswith(file, folder) and file:sub(#folder + 1)
    or vim.fn.fnamemodify(file, ":~")
  return target:find("[%s()]") and not target:find("[<>]") and ("<%s>"):format(target) or target
end

--- Embeds the file of the current buffer in the chat last used, or in a new one, and goes there.
function M.embed()
  local source = api.nvim_get_current_buf()
  local name = api.nvim_buf_get_name(source)
  local err
  if name == "" or vim.bo[source].buftype ~= "" then
    err = "this buffer has no file that a chat could embed; `:write` it first"
  else
    err = put("right", {}, function(chat)
      local label = ("![](%s)"):format(embed_target(name, api.nvim_buf_get_name(chat)))
      return { label = label, filetype = "", lines = {}, embed = true }
    end)
  end
  if err then
    require("chatvim.notify").show(err, "warn")
  end
end

return M
