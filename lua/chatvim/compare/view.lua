-- SPDX-License-Identifier: Apache-2.0
-- The tab page that shows the answers of several models side by side. The windows of the tab page
-- that the user was in stay as they are.
local M = {}

local api = vim.api
local windows = require("chatvim.command.window")

--- How much of a window the end of the question may take, as a divisor of its height.
local QUESTION = 3

local count = 0

--- Creates a scratch buffer for a model's answer, with the chat as its text.
---@param model string PROVIDER/NAME
---@param lines string[]
---@return integer buf
function M.buffer(model, lines)
  count = count + 1
  local buf = api.nvim_create_buf(false, true)
  vim.bo[buf].bufhidden = "hide"
  local name = require("chatvim.view.printable").name(model)
  api.nvim_buf_set_name(buf, ("chatvim://%d/%s"):format(count, name))
  -- An undo leads back to the question, not to an empty buffer.
  local levels = vim.bo[buf].undolevels
  vim.bo[buf].undolevels = -1
  api.nvim_buf_set_lines(buf, 0, -1, true, lines)
  vim.bo[buf].undolevels = levels
  vim.bo[buf].filetype = "markdown"
  return buf
end

--- Puts the cursor at the end, so that the window follows the answer, which begins in its upper
--- part.
---@param win integer
local function scroll(win)
  local buf = api.nvim_win_get_buf(win)
  local last = api.nvim_buf_line_count(buf)
  local line = api.nvim_buf_get_lines(buf, last - 1, last, true)[1]
  api.nvim_win_set_cursor(win, { last, #line })
  api.nvim_win_call(win, function()
    local above = math.floor(api.nvim_win_get_height(win) / QUESTION)
    vim.fn.winrestview({ topline = math.max(last - above, 1) })
  end)
end

--- Shows buffers in a new tab page, and goes to the first of them.
---@param bufs integer[]
---@return integer? tab nil if none could be opened
---@return string? err why some are not shown
function M.open(bufs)
  local before, err = api.nvim_get_current_tabpage(), nil
  for index, buf in ipairs(bufs) do
    local mods = index == 1 and { tab = vim.fn.tabpagenr() }
      or { vertical = true, split = "belowright" }
    err = err or windows.show(buf, { asked = true, split = true, mods = mods })
  end
  local tab = api.nvim_get_current_tabpage()
  if tab == before then
    return nil, err
  end
  vim.cmd("wincmd = | 1wincmd w")
  for _, win in ipairs(api.nvim_tabpage_list_wins(tab)) do
    local buf = api.nvim_win_get_buf(win)
    require("chatvim.view.winbar").attach(buf)
    require("chatvim.chat.open").break_lines(buf)
    scroll(win)
  end
  return tab, err
end

--- Closes the tab page, unless it is the last one, and goes to a window of the chat.
---@param tab integer?
---@param source integer
function M.close(tab, source)
  if tab and api.nvim_tabpage_is_valid(tab) and #api.nvim_list_tabpages() > 1 then
    local number = api.nvim_tabpage_get_number(tab)
    vim.cmd(("silent! %dtabclose"):format(number))
  end
  local win = vim.fn.win_findbuf(source)[1]
  if win and windows.of(source) == nil then
    api.nvim_set_current_win(win)
  end
end

--- Removes the answers' buffers: those in a window when the window closes.
---@param bufs integer[]
function M.drop(bufs)
  for _, buf in ipairs(bufs) do
    if api.nvim_buf_is_valid(buf) and #vim.fn.win_findbuf(buf) == 0 then
      api.nvim_buf_delete(buf, { force = true })
    elseif api.nvim_buf_is_valid(buf) then
      vim.bo[buf].bufhidden = "wipe"
    end
  end
end

--- Keeps the answers' buffers and lists them, because nothing else has their text.
---@param bufs integer[]
function M.keep(bufs)
  for _, buf in ipairs(bufs) do
    if api.nvim_buf_is_loaded(buf) then
      vim.bo[buf].buflisted = true
    end
  end
end

return M
