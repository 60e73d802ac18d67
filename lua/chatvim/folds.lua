-- SPDX-License-Identifier: Apache-2.0
-- Folds for chats: one per message, and nested ones for the blocks of an answer: its reasoning,
-- its tool calls and their states, and other answers.
local M = {}

local api = vim.api
local local_options = require("chatvim.view.local_options")
local outline = require("chatvim.chat.outline")
local state = require("chatvim.chat.state")

M.EXPRESSION = "v:lua.require'chatvim.folds'.expr()"
M.TEXT = "v:lua.require'chatvim.folds'.text()"

--- How many lines of a message are searched for its first line of text.
local LOOK = 50

--- Edits made in insert mode that are not folded yet.
---@class chatvim.Folds.Pending
---@field before integer unchanged lines at the buffer's start
---@field behind integer unchanged lines at its end
---@field blocks boolean blocks of an answer were added or removed

--- Folds a chat in its windows, with messages open and the blocks of answers closed.
---@param buf integer
function M.attach(buf)
  local_options.set(buf, "folds", function(win)
    if vim.wo[win].foldmethod == "expr" and vim.wo[win].foldexpr == M.EXPRESSION then
      return
    end
    -- The level must come first because the other options create the folds.
    local_options.put(win, "foldlevel", 1)
    local_options.put(win, "foldtext", M.TEXT)
    local_options.put(win, "foldexpr", M.EXPRESSION)
    local_options.put(win, "foldmethod", "expr")
  end)
end

--- Returns the first rows of the blocks of the last answer.
---@param buf integer
---@return integer[]
local function last_blocks(buf)
  local messages = outline.messages(buf)
  local index = #messages
  while index > 0 and messages[index].role ~= "assistant" do
    index = index - 1
  end
  local rows = {}
  if index > 0 then
    local row = messages[index].first
    local reasoning = outline.reasoning(buf, row)
    table.insert(rows, reasoning and reasoning.first or nil)
    for _, step in ipairs(outline.steps(buf, row)) do
      table.insert(rows, step.first)
    end
  end
  return rows
end

--- Closes the blocks of the last answer in windows that follow the chat's end.
---@param buf integer
local function close_last(buf)
  local rows, last = last_blocks(buf), api.nvim_buf_line_count(buf)
  if #rows == 0 then
    return
  end
  for _, win in ipairs(vim.fn.win_findbuf(buf)) do
    local expression = vim.wo[win].foldmethod == "expr" and vim.wo[win].foldexpr or ""
    local ours = expression:find("chatvim.folds", 1, true)
    if ours and api.nvim_win_get_cursor(win)[1] == last then
      api.nvim_win_call(win, function()
        for _, row in ipairs(vim.wo.foldlevel < 2 and rows or {}) do
          if vim.fn.foldlevel(row + 1) > 1 and vim.fn.foldclosed(row + 1) == -1 then
            vim.cmd(("silent! %dfoldclose"):format(row + 1))
          end
        end
      end)
    end
  end
end

--- Closes the blocks of an answer when it ends, since Neovim leaves a fold open that grew line
--- by line. Windows where the user is reading elsewhere are left alone.
local function watch_end()
  api.nvim_create_autocmd("User", {
    group = api.nvim_create_augroup("chatvim.folds", {}),
    pattern = "ChatvimEnd",
    desc = "Chatvim: close the blocks of an answer that has ended",
    callback = function(event)
      local buf = event.data.buf
      if state.get(buf).folds and api.nvim_buf_is_loaded(buf) then
        close_last(buf)
      end
    end,
  })
end

--- Returns the lines that Neovim folded with an outdated outline: messages with blocks, and the
--- first message if the front matter changed.
---@param buf integer
---@param first integer
---@param last integer exclusive
---@param changed boolean
---@param blocks boolean
---@return integer? start nil if the folds are correct
---@return integer? stop exclusive
local function affected(buf, first, last, changed, blocks)
  local first_message = outline.at(buf, first)
  local block = first_message and outline.reasoning(buf, first)
  local touched = blocks or (block and first <= block.last)
  touched = touched or (changed and first_message and outline.has_open(buf, first_message))
  local last_message = outline.at(buf, math.max(last - 1, first))
  touched = touched or (changed and last_message and outline.has_open(buf, last_message))
  local front = outline.front(buf)
  if changed and not (first_message and first_message.delimiter) then
    touched, first = true, 0
    first_message, last_message = nil, last_message or outline.at(buf, front)
  end
  if touched then
    local start = first_message and (first_message.delimiter or first_message.first) or first
    return start, math.max(last_message and last_message.last + 1 or 0, last, front)
  end
  -- Lines above or in a tool call were folded as those that stood in these rows before.
  local steps = first_message and outline.steps(buf, first) or {}
  if #steps > 0 and first <= steps[#steps].last then
    return first, math.max(last, first + 1)
  end
end

--- Returns the rows where the user is reading: the cursor's and the window's first. Empty if the
--- cursor is on the last line, because such a window follows the answer.
---@param buf integer
---@param win integer
---@return integer[]
local function read_rows(buf, win)
  local line = api.nvim_win_get_cursor(win)[1]
  if line == api.nvim_buf_line_count(buf) then
    return {}
  end
  return { line - 1, vim.fn.getwininfo(win)[1].topline - 1 }
end

--- Opens the folds of blocks that contain the given rows of a window.
---@param buf integer
---@param win integer
---@param rows integer[]
local function open_read(buf, win, rows)
  for _, row in ipairs(rows) do
    local block = outline.block(buf, row)
    if block and row > block.first then
      api.nvim_win_call(win, function()
        vim.cmd(("silent! %dfoldopen"):format(block.first + 1))
      end)
    end
  end
end

--- Makes Neovim evaluate 'foldexpr' again for some lines. A new fold of a block stays open if the
--- user is reading it.
---@param buf integer
---@param first integer
---@param last integer exclusive
---@param blocks boolean
local function fold(buf, first, last, blocks)
  local count = api.nvim_buf_line_count(buf)
  for _, win in ipairs(vim.fn.win_findbuf(buf)) do
    if vim.wo[win].foldmethod == "expr" and vim.wo[win].foldexpr:find("chatvim.folds", 1, true) then
      -- Read the rows now: folding may move the window's first line.
      local read = blocks and read_rows(buf, win) or {}
      if vim._foldupdate then
        -- Neovim's own tree-sitter folds use this function; only it updates a range of lines.
        vim._foldupdate(win, math.min(first, count - 1), math.min(last, count))
      else
        local_options.put(win, "foldmethod", "expr")
      end
      open_read(buf, win, read)
    end
  end
end

---@param buf integer
---@param pending chatvim.Folds.Pending
local function fold_all(buf, pending)
  local first = pending.before
  local last = math.max(api.nvim_buf_line_count(buf) - pending.behind, first + 1)
  local start, stop = affected(buf, first, last, true, pending.blocks)
  fold(buf, start or first, stop or last, pending.blocks)
end

--- Defers a change until insert mode ends, in whichever window that happens: Neovim does not update
--- expression folds earlier.
---@param buf integer
---@param first integer
---@param last integer exclusive
---@param blocks boolean
local function wait(buf, first, last, blocks)
  local chat = state.get(buf)
  local folds = chat.folds --[[@as { pending?: chatvim.Folds.Pending }]]
  local after = api.nvim_buf_line_count(buf) - last
  local pending = folds.pending
  if pending then
    pending.before = math.min(pending.before, first)
    pending.behind = math.min(pending.behind, after)
    pending.blocks = pending.blocks or blocks
    return
  end
  folds.pending = { before = first, behind = after, blocks = blocks }
  api.nvim_create_autocmd("ModeChanged", {
    pattern = "[iR]*:[^iR]*",
    once = true,
    desc = "Chatvim: fold what was written in insert mode",
    callback = function()
      pending = folds.pending
      folds.pending = nil
      if pending and chat.folds == folds and api.nvim_buf_is_loaded(buf) then
        fold_all(buf, pending)
      end
    end,
  })
end

--- Starts tracking the outline of a folded buffer.
---@param buf integer
local function follow(buf)
  watch_end()
  state.attach(buf).folds = {}
  outline.follow(buf)
end

state.on("outline", function(chat, first, last, changed, blocks)
  if not chat.folds then
    return
  elseif api.nvim_get_mode().mode:find("^[iR]") then
    wait(chat.buf, first, last, blocks)
    return
  end
  local start, stop = affected(chat.buf, first, last, changed, blocks)
  if start then
    fold(chat.buf, start, stop --[[@as integer]], blocks)
  end
end)

--- Returns the 'foldexpr' value of a line.
---@param line? integer from 1; v:lnum if not given
---@return string
function M.expr(line)
  local buf = api.nvim_get_current_buf()
  if not state.get(buf).folds then
    follow(buf)
  end
  local row = (line or vim.v.lnum) - 1
  if row < outline.front(buf) then
    return "0"
  end
  -- Neovim folds before it reports a change, so the outline may be out of date. Delimiters are
  -- therefore read from the text, and the `outline` handler corrects the folds of blocks.
  if outline.role(buf, row) then
    return ">1"
  end
  local block = outline.block(buf, row)
  if block then
    return row == block.first and ">2" or "2"
  end
  return "1"
end

--- Returns the first nonblank line, trimmed, or "".
---@param buf integer
---@param first integer
---@param last integer
---@return string
local function first_text(buf, first, last)
  local lines = api.nvim_buf_get_lines(buf, first, math.min(first + LOOK, last + 1), false)
  for _, line in ipairs(lines) do
    if line:find("%S") then
      return (vim.trim(line:sub(1, 1000)):gsub("%c", " "))
    end
  end
  return ""
end

--- Returns as many characters of a text as fit into `width` cells.
---@param text string
---@param width integer
---@return string
local function cut(text, width)
  local count = math.min(vim.fn.strchars(text), width)
  while count > 0 and api.nvim_strwidth(vim.fn.strcharpart(text, 0, count)) > width do
    count = count - 1
  end
  return vim.fn.strcharpart(text, 0, count)
end

--- Returns a line that fits into the current window: a name, as much of a text as there is room
--- for, and an ending.
---@param name string
---@param separator string
---@param text string
---@param ending string
---@return string
local function fit(name, separator, text, ending)
  local info = vim.fn.getwininfo(api.nvim_get_current_win())[1]
  local room = info.width - info.textoff - api.nvim_strwidth(name .. separator .. ending)
  if text == "" or room < 1 then
    return name .. ending
  end
  return name .. separator .. cut(text, room) .. ending
end

--- Returns the 'foldtext'. Of a message, its role, its beginning and its number of lines; of a tool
--- call, what was called and how it ended.
---@return string
function M.text()
  local buf = api.nvim_get_current_buf()
  local first, last = vim.v.foldstart - 1, vim.v.foldend - 1
  local step = outline.step(buf, first)
  if step and step.first == first then
    local title, arguments, ending = require("chatvim.chat.steps").describe(buf, step)
    return fit(title, step.kind == "call" and " " or " · ", arguments, ending)
  end
  local message = outline.at(buf, first)
  local block = outline.reasoning(buf, first)
  local name = message and message.role or "chat"
  local start = first
  if block and block.first == first then
    name, start = "reasoning", first + 1
  elseif message and message.delimiter == first then
    start = block and block.last + 1 or first + 1
  end
  local count = last - first + 1
  local size = (" … %d line%s"):format(count, count == 1 and "" or "s")
  return fit(name, " · ", first_text(buf, start, last), size)
end

return M
