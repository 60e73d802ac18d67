-- SPDX-License-Identifier: Apache-2.0
-- Collects the answers of several models and writes them into the chat as one answer, in one undo
-- step: the chosen one first, the others folded.
local M = {}

local api = vim.api
local exchanges = require("chatvim.chat.exchange")

--- Retry limit when the chat changes before the program has replied.
local TRIES = 3

--- An answer as the program's message `answers` takes it.
---@class chatvim.Compare.Text
---@field model string PROVIDER/NAME
---@field text string
---@field input? integer tokens
---@field output? integer tokens
---@field price? number US dollars
---@field seconds? number
---@field outcome? "stopped"|"error" nil if it is complete

---@param answer chatvim.Compare.Answer
---@param text string
---@return chatvim.Compare.Text
local function describe(answer, text)
  local event = answer.event or {}
  local usage = event.usage or {}
  return {
    model = answer.model,
    text = text,
    input = usage.input,
    output = usage.output,
    price = event.price,
    seconds = event.seconds,
    outcome = event.outcome ~= "done" and event.outcome or nil,
  }
end

--- Reads the texts of the answers that have any.
---@param list chatvim.Compare.Answer[]
---@param callback fun(texts: table<integer, chatvim.Compare.Text>) by the answer's index
function M.collect(list, callback)
  local texts, open = {}, #list
  local function done(index, text)
    texts[index] = text and text ~= "" and describe(list[index], text) or nil
    open = open - 1
    if open == 0 then
      callback(texts)
    end
  end
  for index, answer in ipairs(list) do
    if api.nvim_buf_is_loaded(answer.exchange.buf) then
      exchanges.answer(answer.exchange, function(text)
        done(index, text)
      end)
    else
      done(index)
    end
  end
end

--- Returns the windows whose cursor is on the last line of a chat, if they are to follow it.
---@param buf integer
---@return integer[]
local function followers(buf)
  if
    not require("chatvim.config").get().follow or api.nvim_get_mode().mode:find("^[vVsS\22\19]")
  then
    return {}
  end
  local last = api.nvim_buf_line_count(buf)
  return vim.tbl_filter(function(win)
    return api.nvim_win_get_cursor(win)[1] == last
  end, vim.fn.win_findbuf(buf))
end

---@param buf integer
---@param wins integer[]
local function go_to_end(buf, wins)
  for _, win in ipairs(wins) do
    api.nvim_win_set_cursor(win, { api.nvim_buf_line_count(buf), 0 })
  end
end

--- Makes an edit of the program's in a chat, asking again if the chat has changed meanwhile.
---@param buf integer
---@param message "answers"|"choose"
---@param fields table
---@param callback fun(err?: string, level?: string, row?: integer) `row`: where the edit begins
---@param tries? integer
function M.edit(buf, message, fields, callback, tries)
  local tick = api.nvim_buf_get_changedtick(buf)
  require("chatvim.program.query").ask(message, buf, function(err, edit, level)
    if not api.nvim_buf_is_loaded(buf) then
      return callback("the chat was closed")
    end
    tries = tries or TRIES
    if not err and api.nvim_buf_get_changedtick(buf) ~= tick then
      if tries > 1 and message == "answers" then
        return M.edit(buf, message, fields, callback, tries - 1)
      end
      err, level = "the chat has changed; try again", "warn"
    end
    if not err then
      local wins = message == "answers" and followers(buf) or {}
      err = require("chatvim.chat.buffer").replace(buf, edit.first, edit.last, edit.lines)
      go_to_end(buf, err and {} or wins)
      require("chatvim.chat.outline").refresh(buf)
    end
    callback(err, level, edit and edit.first)
  end, vim.deepcopy(fields))
end

return M
