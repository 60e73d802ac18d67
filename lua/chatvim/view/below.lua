-- SPDX-License-Identifier: Apache-2.0
-- Shows the usage of an answer, and why it failed, below the answer or its question until the next
-- request. Virtual lines, wrapped to the width of the windows, because a message disappears with
-- the next key and shows only one screen line. Never in the file.
local M = {}

local api = vim.api
local state = require("chatvim.chat.state")

--- Shared with the progress of the next answer, which clears it.
local namespace = api.nvim_create_namespace("chatvim.ui")
local FAILURE = "ChatvimFailure"
--- The indent of each line, and the minimum text width in cells.
local INDENT, NARROW = "  ", 20

--- A paragraph and its highlight group.
---@alias chatvim.Below [string, string]

--- The paragraphs shown in a buffer.
---@class chatvim.Below.Shown
---@field mark integer
---@field texts chatvim.Below[]

local watching = false

--- Wraps the texts into lines that fit every window of the buffer.
---@param buf integer
---@param texts chatvim.Below[]
---@return [string, string][][]
local function wrap_texts(buf, texts)
  local width = vim.o.columns
  for _, win in ipairs(vim.fn.win_findbuf(buf)) do
    local info = vim.fn.getwininfo(win)[1]
    width = math.min(width, info.width - info.textoff)
  end
  local lines = {}
  for _, text in ipairs(texts) do
    local wrapped = require("chatvim.notify").wrap(text[1], math.max(width - 2 * #INDENT, NARROW))
    for _, part in ipairs(wrapped) do
      lines[#lines + 1] = { { INDENT, "" }, { part, text[2] } }
    end
  end
  return lines
end

---@param buf integer
---@param row integer
---@param column integer
---@param texts chatvim.Below[]
---@param mark? integer
---@return integer mark
local function draw(buf, row, column, texts, mark)
  local line = api.nvim_buf_get_lines(buf, row, row + 1, true)[1]
  return api.nvim_buf_set_extmark(buf, namespace, row, math.min(column, #line), {
    id = mark,
    end_row = row,
    end_col = #line,
    -- The mark is deleted with the line.
    invalidate = true,
    undo_restore = false,
    virt_lines = wrap_texts(buf, texts),
  })
end

--- Scrolls windows whose cursor is at the end of the text, to reveal lines below the last one.
---@param buf integer
---@param row integer
---@param count integer
local function reveal(buf, row, count)
  for _, win in ipairs(vim.fn.win_findbuf(buf)) do
    if api.nvim_win_get_cursor(win)[1] >= row + 1 then
      local info = vim.fn.getwininfo(win)[1]
      local column = math.max(vim.fn.col({ row + 1, "$" }, win) - 1, 1)
      local last = vim.fn.screenpos(win, row + 1, column)
      local free = info.winrow + info.height - 1 - last.row
      if last.row > 0 and free < count then
        api.nvim_win_call(win, function()
          vim.cmd(("normal! %d\5"):format(count - free))
        end)
      end
    end
  end
end

--- Wraps the shown paragraphs again to the current width of the windows.
---@param chat chatvim.Chat a chat with paragraphs shown
local function redraw(chat)
  local buf, below = chat.buf, chat.below --[[@as chatvim.Below.Shown]]
  local at = api.nvim_buf_is_loaded(buf)
      and api.nvim_buf_get_extmark_by_id(buf, namespace, below.mark, { details = true })
    or {}
  -- A reloaded text may be shorter.
  if not at[1] or at[3].invalid or at[1] >= api.nvim_buf_line_count(buf) then
    chat.below = nil
  elseif #vim.fn.win_findbuf(buf) > 0 then
    draw(buf, at[1], at[2], below.texts, below.mark)
  end
end

local function watch()
  if watching then
    return
  end
  watching = true
  api.nvim_create_autocmd({ "WinResized", "BufWinEnter" }, {
    group = api.nvim_create_augroup("chatvim.below", {}),
    desc = "Chatvim: wrap what stands below answers",
    callback = function()
      for _, chat in ipairs(state.all()) do
        if chat.below then
          redraw(chat)
        end
      end
    end,
  })
end

--- Shows paragraphs below a row.
---@param buf integer
---@param row integer
---@param column integer the byte of the row where the answer's text begins
---@param texts chatvim.Below[]
---@param follow boolean windows whose cursor is at the end of the text may scroll to show it
---@return integer mark
function M.show(buf, row, column, texts, follow)
  buf = buf == 0 and api.nvim_get_current_buf() or buf
  require("chatvim.view.highlight").define()
  local mark = draw(buf, row, column, texts)
  state.get(buf).below = { mark = mark, texts = texts }
  watch()
  if follow then
    reveal(buf, row, #wrap_texts(buf, texts))
  end
  return mark
end

--- Returns the paragraphs for a failure, with the advice first.
---@param message string
---@param advice? string the part of the message that is advice
---@return chatvim.Below[]
function M.failure(message, advice)
  local printable = require("chatvim.view.printable")
  message = printable.show(message)
  advice = advice and printable.show(advice)
  local first, last = message:find(advice or "", 1, true)
  if not advice or not first or #advice == #message then
    return { { message, FAILURE } }
  end
  local rest = vim.trim(message:sub(1, first - 1)) .. " " .. vim.trim(message:sub(last + 1))
  return { { advice, FAILURE }, { vim.trim(rest), FAILURE } }
end

return M
