-- SPDX-License-Identifier: Apache-2.0
-- What is shown of an answer beside its text: one line of virtual text. Never in the file.
local M = {}

local api = vim.api
local uv = vim.uv or vim.loop
local set_mark = api.nvim_buf_set_extmark

local namespace = api.nvim_create_namespace("chatvim.ui")
local FRAMES = { "⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏" }
--- Milliseconds between two pictures of the spinner.
local INTERVAL = 200

--- The progress of one answer, as shown. Owned by the answer.
---@class chatvim.Progress
---@field place chatvim.Place
---@field started integer nanoseconds
---@field shown integer nanoseconds, when it was drawn last
---@field frame integer
---@field stop string how the user stops it
---@field phase string
---@field reasoning integer characters of reasoning so far
---@field model? string
---@field blocked? string why text waits
---@field mark? integer
---@field chunks? [string, string][] the picture
---@field width? integer cells of the picture

---@type table<chatvim.Progress, true>
local running = {}
---@type uv.uv_timer_t?
local timer

--- Shows progress at a place until `stop`, and takes away what an earlier answer left.
---@param place chatvim.Place
---@return chatvim.Progress
function M.start(place)
  require("chatvim.highlight").define()
  local progress = {
    place = place,
    started = uv.hrtime(),
    shown = 0,
    frame = 0,
    stop = M._stop_key(place.buf),
    phase = "connecting",
    reasoning = 0,
  }
  api.nvim_buf_clear_namespace(place.buf, namespace, 0, -1)
  running[progress] = true
  M.draw(progress)
  M._run()
  return progress
end

--- Moves the progress to the answer's end after an update, and draws it again if the picture is
--- old: both are one redraw.
---@param progress chatvim.Progress
function M.touch(progress)
  if uv.hrtime() - progress.shown >= INTERVAL * 1e6 then
    progress.frame = progress.frame % #FRAMES + 1
    progress.chunks = nil
  end
  M._show(progress)
end

--- Draws the progress at the end of the answer. Between two calls the mark moves along with the
--- text.
---@param progress chatvim.Progress
function M.draw(progress)
  progress.frame = progress.frame % #FRAMES + 1
  progress.chunks = nil
  M._show(progress)
end

--- Puts the progress at the end of the answer.
---@param progress chatvim.Progress
function M._show(progress)
  local buf = progress.place.buf
  local row, column = require("chatvim.buffer").position(progress.place)
  if not row or row >= api.nvim_buf_line_count(buf) then
    return
  end
  if not progress.chunks then
    progress.shown = uv.hrtime()
    progress.chunks = M._chunks(progress)
    progress.width = M._width(progress.chunks)
  end
  local mark = M._virtual(buf, row, column, progress.chunks, progress.width)
  mark.id = progress.mark
  mark.right_gravity = true
  mark.strict = false
  progress.mark = set_mark(buf, namespace, row, column, mark)
end

--- The options of a mark that shows virtual text behind a line, or below it where the window has no
--- room left behind it.
---@param buf integer
---@param row integer
---@param column integer the line's length in bytes, as far as it counts
---@param chunks [string, string][]
---@param width integer of the chunks, in cells
---@return table
function M._virtual(buf, row, column, chunks, width)
  local options = { hl_mode = "combine", undo_restore = false }
  if M._has_room(buf, row, column, width) then
    options.virt_text = chunks
    options.virt_text_pos = "eol"
  else
    options.virt_lines = { chunks }
  end
  return options
end

--- Whether text of a width fits behind a line in every window that shows it.
---@param buf integer
---@param row integer
---@param column integer
---@param width integer
---@return boolean
function M._has_room(buf, row, column, width)
  local used
  for _, win in ipairs(vim.fn.win_findbuf(buf)) do
    local info = vim.fn.getwininfo(win)[1]
    local cells = info.width - info.textoff
    if not used then
      -- A line of megabytes is not measured for this: bytes are near enough.
      local text = column < 4096 and api.nvim_buf_get_lines(buf, row, row + 1, false)[1] or nil
      -- A NUL would make the text a blob on its way to the function; it is shown as "^@".
      used = text and vim.fn.strdisplaywidth((text:gsub("%z", "^@"))) or column
    end
    local behind = used > 0 and (used - 1) % cells + 1 or 0
    if behind + 1 + width > cells then
      return false
    end
  end
  return true
end

---@param chunks [string, string][]
---@return integer cells
function M._width(chunks)
  local width = 0
  for _, chunk in ipairs(chunks) do
    width = width + api.nvim_strwidth(chunk[1])
  end
  return width
end

--- Takes the progress away.
---@param progress chatvim.Progress
function M.stop(progress)
  running[progress] = nil
  local buf = progress.place.buf
  if progress.mark and api.nvim_buf_is_loaded(buf) then
    api.nvim_buf_del_extmark(buf, namespace, progress.mark)
  end
  if not next(running) and timer then
    timer:stop()
  end
end

--- Leaves what an answer was, at its last line: the model, tokens and seconds.
---@param place chatvim.Place
---@param map table the program's `ended`
function M.show_usage(place, map)
  local row, width = M._last_line(place)
  if not row then
    return
  end
  -- Over the whole line, so that it goes when the line does.
  local chunks = { { M.summary(map), "ChatvimUsage" } }
  local options = M._virtual(place.buf, row, width, chunks, M._width(chunks))
  options.end_row = row
  options.end_col = width
  options.invalidate = true
  local mark = set_mark(place.buf, namespace, row, 0, options)
  if vim.fn.has("nvim-0.11") == 0 then
    M._drop_undone(place.buf, mark)
  end
end

--- An answer in one line: model, tokens in and out, seconds; what is not known is left out.
---@param map table
---@return string
function M.summary(map)
  local parts = { map.model }
  local usage = type(map.usage) == "table" and map.usage or {}
  if type(usage.input) == "number" then
    table.insert(parts, ("%d in"):format(usage.input))
  end
  if type(usage.output) == "number" then
    table.insert(parts, ("%d out"):format(usage.output))
  end
  if type(map.seconds) == "number" then
    table.insert(parts, ("%.1f s"):format(map.seconds))
  end
  return table.concat(parts, " · ")
end

--- A running answer in a few words, for a statusline.
---@param progress chatvim.Progress
---@return string
function M.status(progress)
  local seconds = math.floor((uv.hrtime() - progress.started) / 1e9)
  return ("%s%s %d s"):format(
    progress.model and progress.model .. " " or "",
    M._phase(progress),
    seconds
  )
end

---@param progress chatvim.Progress
---@return [string, string][]
function M._chunks(progress)
  local seconds = math.floor((uv.hrtime() - progress.started) / 1e9)
  local chunks = { { FRAMES[progress.frame] .. " ", "ChatvimProgress" } }
  if progress.model then
    table.insert(chunks, { progress.model .. " · ", "ChatvimProgress" })
  end
  local highlight = progress.phase == "thinking" and "ChatvimReasoning" or "ChatvimProgress"
  table.insert(chunks, { M._phase(progress), highlight })
  table.insert(
    chunks,
    { (" · %d s · %s stops"):format(seconds, progress.stop), "ChatvimProgress" }
  )
  return chunks
end

---@param progress chatvim.Progress
---@return string
function M._phase(progress)
  if progress.blocked then
    return "waiting: " .. progress.blocked
  elseif progress.phase == "thinking" and progress.reasoning > 0 then
    return ("thinking (%d characters)"):format(progress.reasoning)
  elseif progress.phase == "key" then
    return "getting the key"
  end
  return progress.phase
end

--- The keys that stop an answer, or the command where none are mapped.
---@param buf integer
---@return string
function M._stop_key(buf)
  for _, maps in ipairs({ api.nvim_buf_get_keymap(buf, "n"), api.nvim_get_keymap("n") }) do
    for _, map in ipairs(maps) do
      if map.rhs == "<Plug>(chatvim-stop)" then
        return vim.fn.keytrans(map.lhsraw or map.lhs)
      end
    end
  end
  return ":ChatvimStop"
end

--- Takes the usage away with its line where Neovim does not: 0.10 leaves the mark after an undo.
---@param buf integer
---@param mark integer
function M._drop_undone(buf, mark)
  local gone = false
  api.nvim_buf_attach(buf, false, {
    on_lines = function()
      -- Later: at an undo marks move after the lines.
      vim.schedule(function()
        if gone or not api.nvim_buf_is_loaded(buf) then
          return
        end
        local at = api.nvim_buf_get_extmark_by_id(buf, namespace, mark, { details = true })
        gone = not at[1] or (at[1] == at[3].end_row and at[2] == at[3].end_col)
        if gone and at[1] then
          api.nvim_buf_del_extmark(buf, namespace, mark)
        end
      end)
      return gone
    end,
  })
end

--- The row of the last line of the answer's text: above the mark are blank lines and the next
--- user delimiter.
---@param place chatvim.Place
---@return integer? row
---@return integer? width bytes of the line
function M._last_line(place)
  local row, column = require("chatvim.buffer").position(place)
  if not row then
    return
  end
  local first = math.max(row - 40, 0)
  local lines = api.nvim_buf_get_lines(place.buf, first, row + 1, false)
  if #lines == row + 1 - first then
    lines[#lines] = lines[#lines]:sub(1, column)
  end
  local delimiter = false
  for index = #lines, 1, -1 do
    if lines[index]:find("%S") then
      if delimiter then
        return first + index - 1, #lines[index]
      end
      delimiter = true
    end
  end
end

--- Runs the spinner's timer while an answer runs.
function M._run()
  timer = timer or assert(uv.new_timer())
  if timer:is_active() then
    return
  end
  timer:start(
    INTERVAL,
    INTERVAL,
    vim.schedule_wrap(function()
      M._tick()
    end)
  )
end

--- Turns the spinners that no update has drawn just now.
function M._tick()
  require("chatvim.process").check()
  for progress in pairs(running) do
    if uv.hrtime() - progress.shown >= INTERVAL / 2 * 1e6 then
      pcall(M.draw, progress)
    end
  end
end

return M
