-- SPDX-License-Identifier: Apache-2.0
-- Shows the progress of a rewrite above its lines, as one virtual line.
local M = {}

local api = vim.api
local keys = require("chatvim.keys")
local progress_view = require("chatvim.view.progress")
local state = require("chatvim.chat.state")
local uv = vim.uv or vim.loop

local namespace = api.nvim_create_namespace("chatvim.rewrite")
--- Interval between two frames, in ms: that of the spinner in chats.
local INTERVAL = 200

--- The progress of a rewrite.
---@class chatvim.Rewrite.Progress
---@field buf integer where it is shown
---@field chat integer the buffer of the answer
---@field row fun(): integer the first row of the lines
---@field stop string how the user stops it
---@field timer uv.uv_timer_t
---@field mark? integer

--- Shows a virtual line above a row in windows that begin with it. Otherwise, Neovim shows lines
--- above the buffer's first line only after the user has scrolled there.
---@param buf integer
local function reveal_top(buf)
  for _, win in ipairs(vim.fn.win_findbuf(buf)) do
    api.nvim_win_call(win, function()
      if vim.fn.line("w0") == 1 and vim.fn.winsaveview().topfill == 0 then
        vim.fn.winrestview({ topfill = 1 })
      end
    end)
  end
end

---@param progress chatvim.Rewrite.Progress
local function erase(progress)
  if progress.mark and api.nvim_buf_is_valid(progress.buf) then
    api.nvim_buf_del_extmark(progress.buf, namespace, progress.mark)
  end
  progress.mark = nil
end

--- Draws the progress of the answer, if it is running.
---@param progress chatvim.Rewrite.Progress
local function draw(progress)
  local chat = state.find(progress.chat)
  local answer = chat and chat.answer
  local shown = type(answer) == "table" and answer.progress
  if not shown or not api.nvim_buf_is_loaded(progress.buf) then
    return erase(progress)
  end
  shown.stop = progress.stop
  local row = math.min(progress.row(), api.nvim_buf_line_count(progress.buf))
  progress.mark = api.nvim_buf_set_extmark(progress.buf, namespace, math.max(row - 1, 0), 0, {
    id = progress.mark,
    virt_lines = { progress_view.chunks(shown) },
    virt_lines_above = row == 0,
    undo_restore = false,
    strict = false,
  })
  if row == 0 then
    reveal_top(progress.buf)
  end
end

--- Shows the progress of an answer until `stop`.
---@param buf integer
---@param chat integer
---@param row fun(): integer
---@return chatvim.Rewrite.Progress
function M.start(buf, chat, row)
  ---@type chatvim.Rewrite.Progress
  local progress = {
    buf = buf,
    chat = chat,
    row = row,
    stop = keys.mapped(buf, "n", "stop") or ":ChatvimStop",
    timer = assert(uv.new_timer()),
  }
  progress.timer:start(
    0,
    INTERVAL,
    vim.schedule_wrap(function()
      if progress.timer:is_active() then
        draw(progress)
      end
    end)
  )
  return progress
end

--- Removes the progress.
---@param progress chatvim.Rewrite.Progress
function M.stop(progress)
  progress.timer:stop()
  if not progress.timer:is_closing() then
    progress.timer:close()
  end
  erase(progress)
end

return M
