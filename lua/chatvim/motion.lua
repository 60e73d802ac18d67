-- SPDX-License-Identifier: Apache-2.0
-- Motions between messages, and text objects for messages and code blocks.
local M = {}

local api = vim.api
local outline = require("chatvim.chat.outline")

--- Returns the first and last row to select, both from 0; or nil and a short reason.
---@alias chatvim.Motion.Find fun(): integer?, integer|string

---@param direction 1|-1
---@return integer? row
local function find_target(direction)
  local messages = outline.messages(0)
  local here = api.nvim_win_get_cursor(0)
  local count, target = vim.v.count1, nil
  local from, to = 1, #messages
  if direction < 0 then
    from, to = to, from
  end
  for index = from, to, direction do
    local message = messages[index]
    local row = message.delimiter or message.first
    local ahead = (row - (here[1] - 1)) * direction
    -- If the cursor is inside a delimiter line, going back moves to its start.
    if ahead > 0 or (direction < 0 and ahead == 0 and here[2] > 0) then
      target = row
      count = count - 1
      if count == 0 then
        break
      end
    end
  end
  return target
end

--- Cancels the pending operator when `.` repeats it, since `M.keys` is not called then. Within a
--- command, only an error can do that.
local function cancel()
  if not api.nvim_get_mode().mode:find("^no") then
    return
  end
  local text = "chatvim: there is nothing here to repeat this on"
  if vim.fn.has("nvim-0.11") == 1 then
    api.nvim_echo({ { text } }, true, { err = true })
  else
    ---@diagnostic disable-next-line: deprecated -- `nvim_echo` of Neovim 0.10 has no `err`.
    api.nvim_err_writeln(text)
  end
end

--- Moves the cursor to the delimiter of the next message (1) or the previous one (-1), `v:count1`
--- times or as far as there are messages. It stops at the delimiter so that `d]m` leaves the next
--- message whole. Does nothing if there is no such message.
---@param direction 1|-1
function M.go(direction)
  local row = find_target(direction)
  if not row then
    cancel()
    return
  end
  local plain = api.nvim_get_mode().mode == "n"
  if plain then
    vim.cmd("normal! m'")
  end
  api.nvim_win_set_cursor(0, { row + 1, 0 })
  local opens = vim.opt.foldopen:get()
  if plain and (vim.tbl_contains(opens, "block") or vim.tbl_contains(opens, "all")) then
    vim.cmd("normal! zv")
  end
end

--- Returns the first row of a linewise selection that ends at the cursor and has more than one
--- line, or nil.
---@param row integer the cursor's
---@return integer?
local function selected_from(row)
  local start = vim.fn.line("v") - 1
  return api.nvim_get_mode().mode == "V" and start < row and start or nil
end

--- Returns the first nonblank row between two rows, or nil.
---@param from integer
---@param to integer
---@param step 1|-1
---@return integer?
local function text_row(from, to, step)
  for row = from, to, step do
    if api.nvim_buf_get_lines(0, row, row + 1, true)[1]:find("[^ \t\r]") then
      return row
    end
  end
end

---@param with_delimiter boolean
---@return integer? first
---@return integer|string last
local function select_message(with_delimiter)
  local row = api.nvim_win_get_cursor(0)[1] - 1
  local message, index = outline.at(0, row)
  if not message then
    return nil, "the front matter is no message"
  end
  local messages = outline.messages(0)
  local function select(count)
    local stop = messages[math.min(index + count - 1, #messages)]
    if with_delimiter then
      return message.delimiter or message.first, stop.last
    end
    local first = text_row(message.first, stop.last, 1)
    return first, first and text_row(stop.last, message.first, -1)
  end
  local first, last = select(vim.v.count1)
  local start = selected_from(row)
  if start then
    local _, here = select(1)
    if here and here <= row then
      _, last = select(vim.v.count1 + 1)
    end
    first = first and math.min(first, start)
  end
  if not first then
    return nil, "this message has no text"
  end
  return first, last --[[@as integer]]
end

---@param reason? string
local function report(reason)
  if reason then
    -- Scheduled because an <expr> map must not draw.
    vim.schedule(function()
      require("chatvim.notify").show(reason, "info")
    end)
  end
end

--- Selects the lines that `find` returns, or reports why there are none.
---@param find chatvim.Motion.Find
local function select_lines(find)
  local first, last = find()
  if not first then
    report(last --[[@as string]])
    cancel()
    return
  end
  ---@cast last integer
  local mode = api.nvim_get_mode().mode
  if mode:find("^[vV\22]") then
    if mode ~= "V" then
      vim.cmd("normal! V")
    end
    api.nvim_win_set_cursor(0, { first + 1, 0 })
    vim.cmd("normal! o")
  else
    api.nvim_win_set_cursor(0, { first + 1, 0 })
    vim.cmd("normal! V")
  end
  api.nvim_win_set_cursor(0, { last + 1, 0 })
end

--- Selects the message at the cursor linewise: its text without leading and trailing blank lines,
--- or all of it with its delimiter. A count selects that many messages. A linewise selection that
--- ends with a message is extended, as with Vim's own text objects.
---@param with_delimiter boolean
function M.message(with_delimiter)
  select_lines(function()
    return select_message(with_delimiter)
  end)
end

--- Returns the rows that a code block around `row` cannot extend beyond: its message's, or only the
--- part in or after the reasoning, in a tool call, or between two of them.
---@param row integer
---@return integer? first
---@return integer? last
local function region(row)
  local message = outline.at(0, row)
  if not message or row == message.delimiter then
    return
  end
  local block = outline.reasoning(0, row)
  if block and row <= block.last then
    if row > block.first and row < block.last then
      return block.first + 1, block.last - 1
    end
    return
  end
  local steps = outline.steps(0, row)
  local step, index = require("chatvim.chat.steps").find(steps, row)
  if step then
    return step.first, step.last
  end
  local above, below = steps[index] or block, steps[index + 1]
  return above and above.last + 1 or message.first, below and below.first - 1 or message.last
end

--- Returns the fence of a line that opens a code block, or nil.
---@param line string
---@return string?
local function parse_fence(line)
  local fence, info = line:match("^[ \t]*(```+)([^`]*)$")
  if not fence then
    fence, info = line:match("^[ \t]*(~~~+)(.*)$")
  end
  return info and fence
end

---@param line string
---@param fence string the opening fence
---@return boolean
local function closes(line, fence)
  local found = line:match("^[ \t]*([`~]+)[ \t\r]*$")
  return found ~= nil and #found >= #fence and found == fence:sub(1, 1):rep(#found)
end

--- Returns the fenced code block that contains a row, including its fences.
---@param row integer
---@return integer? open the row of its first fence
---@return integer? close the row of its closing fence, or the last nonblank row if it has none
---@return boolean? closed
local function find_block(row)
  local first, last = region(row)
  if not first then
    return
  end
  local fence, open
  for index, line in ipairs(api.nvim_buf_get_lines(0, first, last + 1, true)) do
    local here = first + index - 1
    if not fence then
      if here > row then
        return
      end
      fence = parse_fence(line)
      open = here
    elseif closes(line, fence) then
      if here >= row then
        return open, here, true
      end
      fence = nil
    end
  end
  if fence then
    last = text_row(last, open, -1) --[[@as integer]]
    if row <= last then
      return open, last, false
    end
  end
end

---@param with_fences boolean
---@return integer? first
---@return integer|string last
local function code(with_fences)
  local row = api.nvim_win_get_cursor(0)[1] - 1
  local open, close, closed = find_block(row)
  if not open then
    return nil, "there is no code block here"
  end
  ---@cast close integer
  if with_fences then
    return open, close
  end
  local last = closed and close - 1 or close
  if last <= open then
    return nil, "this code block is empty"
  end
  return open + 1, last
end

--- Selects the fenced code block at the cursor linewise, with or without its fences.
---@param with_fences boolean
function M.code(with_fences)
  select_lines(function()
    return code(with_fences)
  end)
end

--- Returns the keys that an operator-pending map types: the motion, or Escape if there is nothing
--- to operate on. Only keys can cancel the operator.
---@param name "go"|"message"|"code"
---@param argument any
---@return string keys
function M.keys(name, argument)
  local found, reason
  if name == "go" then
    found = find_target(argument)
  elseif name == "message" then
    found, reason = select_message(argument)
  else
    found, reason = code(argument)
  end
  if not found then
    report(reason --[[@as string?]])
    return "\27"
  end
  local command = ("<Cmd>lua require('chatvim.motion').%s(%s)<CR>"):format(name, tostring(argument))
  return vim.keycode(command)
end

return M
