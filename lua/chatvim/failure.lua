-- SPDX-License-Identifier: Apache-2.0
-- Why an answer failed, below the question or what came of the answer, until the next try: a message
-- is gone with the next key, and one screen line of it is all that is ever seen.
local M = {}

local api = vim.api

--- The progress of the next answer takes it away: they share the namespace.
local namespace = api.nvim_create_namespace("chatvim.ui")
local GROUP = "ChatvimFailure"
--- Cells before each line, and the narrowest text.
local INDENT, NARROW = "  ", 20

---@type table<integer, { mark: integer, texts: string[] }> by buffer
local failures = {}
local watching = false

--- Shows a failure below a row.
---@param buf integer
---@param row integer
---@param message string
---@param advice? string the part of the message that says what to do
---@param follow boolean windows whose cursor is at the end of the text may scroll to show it
function M.show(buf, row, message, advice, follow)
  local texts = M._texts(message, advice)
  local mark = M._draw(buf, row, texts)
  failures[buf] = { mark = mark, texts = texts }
  M._watch()
  if follow then
    M._reveal(buf, row, #M._lines(buf, texts))
  end
end

--- The paragraphs of a failure: what to do comes first.
---@param message string
---@param advice? string
---@return string[]
function M._texts(message, advice)
  local printable = require("chatvim.printable")
  message = printable.show(message)
  advice = advice and printable.show(advice)
  local first, last = message:find(advice or "", 1, true)
  if not advice or not first or #advice == #message then
    return { message }
  end
  local rest = vim.trim(message:sub(1, first - 1)) .. " " .. vim.trim(message:sub(last + 1))
  return { advice, vim.trim(rest) }
end

---@param buf integer
---@param row integer
---@param texts string[]
---@param mark? integer
---@return integer mark
function M._draw(buf, row, texts, mark)
  local line = api.nvim_buf_get_lines(buf, row, row + 1, true)[1]
  return api.nvim_buf_set_extmark(buf, namespace, row, 0, {
    id = mark,
    end_row = row,
    end_col = #line,
    -- It goes with the line.
    invalidate = true,
    undo_restore = false,
    virt_lines = M._lines(buf, texts),
    priority = 1,
  })
end

--- The texts in lines that fit every window of the buffer.
---@param buf integer
---@param texts string[]
---@return [string, string][][]
function M._lines(buf, texts)
  local width = vim.o.columns
  for _, win in ipairs(vim.fn.win_findbuf(buf)) do
    local info = vim.fn.getwininfo(win)[1]
    width = math.min(width, info.width - info.textoff)
  end
  local lines = {}
  for _, text in ipairs(texts) do
    local wrapped = require("chatvim.notify").wrap(text, math.max(width - 2 * #INDENT, NARROW))
    for _, part in ipairs(wrapped) do
      lines[#lines + 1] = { { INDENT, "" }, { part, GROUP } }
    end
  end
  return lines
end

--- Scrolls windows whose cursor is at the end of the text, so that lines below the last one show.
---@param buf integer
---@param row integer
---@param count integer
function M._reveal(buf, row, count)
  for _, win in ipairs(vim.fn.win_findbuf(buf)) do
    if api.nvim_win_get_cursor(win)[1] >= row + 1 then
      local info = vim.fn.getwininfo(win)[1]
      local last = vim.fn.screenpos(win, row + 1, math.max(vim.fn.col({ row + 1, "$" }, win) - 1, 1))
      local free = info.winrow + info.height - 1 - last.row
      if last.row > 0 and free < count then
        api.nvim_win_call(win, function()
          vim.cmd(("normal! %d\5"):format(count - free))
        end)
      end
    end
  end
end

--- Wraps again when windows have another width.
function M._watch()
  if watching then
    return
  end
  watching = true
  api.nvim_create_autocmd({ "WinResized", "BufWinEnter" }, {
    group = api.nvim_create_augroup("chatvim.failure", {}),
    desc = "Chatvim: wrap why an answer failed",
    callback = function()
      for buf, failure in pairs(failures) do
        local loaded = api.nvim_buf_is_loaded(buf)
        local at = loaded
            and api.nvim_buf_get_extmark_by_id(buf, namespace, failure.mark, { details = true })
          or {}
        if not at[1] or at[3].invalid then
          failures[buf] = nil
        elseif #vim.fn.win_findbuf(buf) > 0 then
          M._draw(buf, at[1], failure.texts, failure.mark)
        end
      end
    end,
  })
end

return M
