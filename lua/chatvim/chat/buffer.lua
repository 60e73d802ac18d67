-- SPDX-License-Identifier: Apache-2.0
-- The only module that edits chat text. Inserts an answer as one undo block without moving windows
-- that do not follow it, and replaces lines, such as those of the front matter.
local M = {}

local places = require("chatvim.chat.place")

local api = vim.api
local set_text = api.nvim_buf_set_text
local get_lines = api.nvim_buf_get_lines
local get_tick = api.nvim_buf_get_changedtick
local get_cursor = api.nvim_win_get_cursor
local set_cursor = api.nvim_win_set_cursor
local line_count = api.nvim_buf_line_count
local win_findbuf = vim.fn.win_findbuf
local changenr = vim.fn.changenr

local MAX_COLUMN = 0x7fffffff

---@type { place: chatvim.Place, lines: string[], line_start: boolean }
local job

-- "silent": the warning about changing a 'readonly' buffer would pause for a second. "keepjumps":
-- the change list and the mark '. belong to the user. Both exist only as command modifiers.
local COMMAND = "silent keepjumps lua require('chatvim.chat.buffer').run_job()"

---@type any
local outcome
---@type string?
local reason
---@type chatvim.Loss?
local loss

--- Classifies an error of an edit: the buffer cannot be changed now, or the answer cannot continue.
---@param err string
---@return "blocked"|"lost" outcome
---@return string reason
local function classify(err)
  if err:find("E565") or err:find("E21:") or err:find("modifiable") then
    return "blocked", "'modifiable' is off or the text is locked"
  end
  return "lost", err
end

--- Appends text to the answer. The first text replaces the range of `place`, if there is one.
---@param place chatvim.Place
---@param lines string[] text split at line breaks
---@param line_start boolean the text must start in column 1
---@return "done"|"blocked"|"lost" outcome blocked: retry later; lost: the answer is gone
---@return string? reason
---@return chatvim.Loss? loss
function M.append(place, lines, line_start)
  job = { place = place, lines = lines, line_start = line_start }
  outcome, reason, loss = nil, nil, nil
  local buf = place.buf
  local ok, err
  if api.nvim_get_current_buf() == buf then
    ok, err = pcall(api.nvim_command, COMMAND)
  else
    -- Undo blocks belong to the current buffer.
    ok, err = pcall(api.nvim_buf_call, buf, function()
      api.nvim_command(COMMAND)
    end)
  end
  if not ok and not outcome then
    return classify(tostring(err))
  end
  return outcome, reason, loss
end

--- Finds the place of an answer again after edits by others.
---@param place chatvim.Place
---@return string? lost why there is no place any more
function M.settle(place)
  local lost = places.settle(place)
  return lost
end

--- Whether the last message of a chat is the assistant's and has text.
---@param buf integer
---@param delimiters table<"user"|"assistant"|"system", string>
---@return boolean
function M.ends_with_answer(buf, delimiters)
  local bare, has_text = require("chatvim.chat.lines").bare, false
  for row = line_count(buf) - 1, 0, -1 do
    local line = bare(get_lines(buf, row, row + 1, true)[1])
    if line == delimiters.user or line == delimiters.system then
      return false
    elseif line == delimiters.assistant then
      return has_text
    end
    has_text = has_text or line ~= ""
  end
  return false
end

--- Appends the next user delimiter after an answer that has lost its place, unless the chat already
--- ends with one.
---@param buf integer
---@param delimiter string the user delimiter
function M.close_turn(buf, delimiter)
  local last = line_count(buf)
  while last > 0 and not get_lines(buf, last - 1, last, true)[1]:find("%S") do
    last = last - 1
  end
  local line = last > 0 and get_lines(buf, last - 1, last, true)[1] or ""
  if require("chatvim.chat.lines").bare(line) ~= delimiter then
    M.replace(buf, last, line_count(buf), { "", delimiter, "", "" })
  end
end

---@type fun()
local replacement

---@param buf integer
---@param row integer
---@param new string
local function replace_in_line(buf, row, new)
  local old = get_lines(buf, row, row + 1, true)[1]
  local least = math.min(#old, #new)
  local head, tail = 0, 0
  while head < least and old:byte(head + 1) == new:byte(head + 1) do
    head = head + 1
  end
  while tail < least - head and old:byte(-tail - 1) == new:byte(-tail - 1) do
    tail = tail + 1
  end
  set_text(buf, row, head, row, #old - tail, { new:sub(head + 1, #new - tail) })
end

--- Saves the cursor's line for undo again, so that undo of the text typed next is correct. In
--- insert mode, Neovim saves it when typing begins and assumes that nobody else edits; our edit has
--- changed line numbers since.
---@param buf integer
local function open_insert(buf)
  if not api.nvim_get_mode().mode:find("^[iR]") then
    return
  end
  local win = api.nvim_get_current_win()
  if api.nvim_win_get_buf(win) ~= buf then
    return
  end
  local cursor = get_cursor(win)
  set_text(buf, cursor[1] - 1, cursor[2], cursor[1] - 1, cursor[2], {})
end

--- Makes the next edit of the current buffer a new undo step, or joins it to the last one.
---@param sequence? integer the number of the undo step to join, if it is the last one
local function begin_undo(sequence)
  if sequence and changenr() == sequence then
    -- Fails after an undo and redo; the edit then starts a new block by itself.
    pcall(api.nvim_command, "undojoin")
  else
    -- Setting the option to its current value closes the open block, such as that of insert mode.
    vim.cmd("noautocmd let &l:undolevels = &l:undolevels")
  end
end

--- Replaces lines as a separate undo step. In a single line, only the bytes that differ are
--- changed, so that marks next to them stay.
---@param buf integer
---@param first integer from 0
---@param last integer from 0, exclusive
---@param lines string[]
---@return string? err
function M.replace(buf, first, last, lines)
  return M.replace_all(buf, { { first = first, last = last, lines = lines } })
end

--- Replaces several ranges of lines as one undo step.
---@param buf integer
---@param replacements { first: integer, last: integer, lines: string[] }[] from bottom to top; rows
---  from 0, ends exclusive
---@param sequence? integer the number of the undo step to join, if it is the last one
---@return string? err
function M.replace_all(buf, replacements, sequence)
  replacement = function()
    begin_undo(sequence)
    for _, item in ipairs(replacements) do
      if item.last - item.first == 1 and #item.lines == 1 then
        replace_in_line(buf, item.first, item.lines[1])
      else
        api.nvim_buf_set_lines(buf, item.first, item.last, true, item.lines)
      end
    end
    open_insert(buf)
  end
  local ok, err = pcall(api.nvim_buf_call, buf, function()
    api.nvim_command("silent keepjumps lua require('chatvim.chat.buffer').run_replacement()")
  end)
  return not ok and select(2, classify(tostring(err))) or nil
end

--- Makes the edit of `replacement`; called inside the chat's buffer.
function M.run_replacement()
  replacement()
end

--- Prepends line breaks that a formatter has removed.
---@param lines string[]
---@param count integer
---@return string[]
local function add_line_breaks(lines, count)
  local padded = {}
  for _ = 1, count do
    padded[#padded + 1] = ""
  end
  return vim.list_extend(padded, lines)
end

--- Inserts text at a position. At a line's end, the text after the first line break is inserted as
--- new lines, because splitting the line would move the user's marks on it.
---@param buf integer
---@param row integer
---@param column integer
---@param lines string[]
local function insert(buf, row, column, lines)
  if #lines == 1 or #get_lines(buf, row, row + 1, true)[1] > column then
    set_text(buf, row, column, row, column, lines)
    return
  end
  if lines[1] ~= "" then
    set_text(buf, row, column, row, column, { lines[1] })
  end
  api.nvim_buf_set_lines(buf, row + 1, row + 1, true, vim.list_slice(lines, 2))
end

--- Adjusts a position and lines so that they can be inserted: the mark may be below the last line,
--- or inside a line where a delimiter must not begin.
---@param buf integer
---@param row integer
---@param column integer
---@param lines string[]
---@param line_start boolean
---@return integer row
---@return integer column
---@return string[] lines
local function fit(buf, row, column, lines, line_start)
  local last = line_count(buf) - 1
  if row > last then
    row = last
    column = #get_lines(buf, row, row + 1, true)[1]
    if column > 0 then
      line_start = true
    end
  end
  if line_start and column > 0 then
    lines = vim.list_extend({ "" }, lines)
  end
  return row, column, lines
end

--- Joins the next edit to the answer's undo block. After an edit by the user it starts a new block,
--- so that theirs and ours are undone separately.
---@param place chatvim.Place
---@param others boolean?
local function join_undo(place, others)
  local joins = place.sequence and not (others and changenr() ~= place.sequence)
  begin_undo(joins and changenr() or nil)
end

--- Whether moving the cursor of `win` would change a selection or the text of a pending operator.
---@param win integer
---@return boolean
local function is_selecting(win)
  if api.nvim_get_current_win() ~= win then
    return false
  end
  local mode = api.nvim_get_mode().mode
  return mode:find("^[vVsS\22\19]") ~= nil or mode:find("^no") ~= nil
end

--- Returns the windows that follow, which are those whose cursor is on the last line. `distance` is
--- that of the cursor from the line's end if it is after the answer; `column` is set if the cursor
--- must keep its column, such as in a line that does not wrap.
---@param buf integer
---@param last integer the last line, from 1
---@param line integer the answer's line, from 1
---@param column integer
---@return { win: integer, distance?: integer, column?: integer }[]?
local function find_followers(buf, last, line, column)
  local list
  for _, win in ipairs(win_findbuf(buf)) do
    local cursor = get_cursor(win)
    if cursor[1] == last and not is_selecting(win) then
      local follower = { win = win }
      if line == last and cursor[2] >= column then
        local text = get_lines(buf, last - 1, last, true)[1]
        follower.distance = #text - cursor[2]
      elseif line < last or not vim.wo[win].wrap then
        follower.column = cursor[2]
      end
      list = list or {}
      list[#list + 1] = follower
    end
  end
  return list
end

--- Moves the cursors of following windows to the last line.
---@param buf integer
---@param followers { win: integer, distance?: integer, column?: integer }[]
local function move(buf, followers)
  local last = line_count(buf)
  for _, follower in ipairs(followers) do
    local column = follower.column or MAX_COLUMN
    if follower.distance and follower.distance > 0 then
      local text = get_lines(buf, last - 1, last, true)[1]
      column = math.max(#text - follower.distance, 0)
    end
    local cursor = get_cursor(follower.win)
    if cursor[1] ~= last or cursor[2] ~= column then
      set_cursor(follower.win, { last, column })
    end
  end
end

---@param place chatvim.Place
---@param lines string[]
---@param line_start boolean
local function edit(place, lines, line_start)
  local buf = place.buf
  local others = get_tick(buf) ~= place.tick
  if others then
    local lost, kind, pad = places.settle(place)
    if lost then
      outcome, reason, loss = "lost", lost, kind
      return
    end
    lines = add_line_breaks(lines, pad or 0)
    line_start = line_start and (pad or 0) == 0
  end
  local replaced, lost = places.claim(place)
  local row, column = places.position(place)
  if lost or not row then
    outcome, reason = "lost", lost or "the place of the answer is gone"
    return
  end
  ---@cast column integer
  join_undo(place, others)
  local followers = place.follow and find_followers(buf, line_count(buf), row + 1, column)
  if replaced then
    set_text(buf, replaced[1], replaced[2], replaced[3], replaced[4], {})
  end
  places.release(place)
  places.remember(place, lines)
  row, column, lines = fit(buf, row, column, lines, line_start)
  insert(buf, row, column, lines)
  local count = #lines
  local end_row = row + count - 1
  local end_column = (count == 1 and column or 0) + #lines[count]
  places.advance(place, end_row, end_column)
  if not place.guard then
    places.watch(place, row, column, lines)
  end
  if followers then
    move(buf, followers)
  end
  open_insert(buf)
  place.tick = get_tick(buf)
  place.sequence = changenr()
  place.first_sequence = place.first_sequence or place.sequence
  outcome = "done"
end

--- Makes the edit of `job`; called inside the chat's buffer.
function M.run_job()
  local ok, err = pcall(edit, job.place, job.lines, job.line_start)
  if not ok then
    outcome, reason = classify(tostring(err))
  end
end

return M
