-- SPDX-License-Identifier: Apache-2.0
-- Shows the progress of a running answer as one line of virtual text. Never in the file.
local M = {}

local phases = require("chatvim.view.phase")
local usage = require("chatvim.view.usage")

local api = vim.api
local uv = vim.uv or vim.loop
local set_mark = api.nvim_buf_set_extmark

local namespace = api.nvim_create_namespace("chatvim.ui")
local FRAMES = { "⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏" }
--- Interval between two frames of the spinner, in ms.
local INTERVAL = 200
--- The interval next to a line longer than `LONG_LINE` bytes: Neovim 0.10 takes a second or two to
--- draw a line of 20 MB, and would do nothing else.
local LONG_INTERVAL = 10000
local LONG_LINE = 1024 * 1024

--- The progress of one answer, as shown. Owned by the answer.
---@class chatvim.Progress
---@field place chatvim.Place
---@field started integer in nanoseconds
---@field shown integer when it was last drawn, in nanoseconds
---@field interval integer milliseconds between two frames
---@field heard integer when text, reasoning or a new phase last arrived, in nanoseconds
---@field frame integer
---@field stop string the key or command that stops the answer
---@field phase string
---@field reasoning integer number of reasoning characters so far
---@field tools string[] names of the tools that run
---@field retry? chatvim.Retry set while waiting to retry the request
---@field model? string
---@field blocked? string why text cannot be inserted now
---@field mark? integer
---@field chunks? [string, string][] the virtual text
---@field width? integer its width in cells

--- The pending retry of a failed request.
---@class chatvim.Retry
---@field at integer when it is retried, in nanoseconds
---@field reason string why the request failed, in a few words
---@field attempt integer
---@field attempts integer

---@type table<chatvim.Progress, true>
local running = {}
---@type uv.uv_timer_t?
local timer

--- Returns the keys that stop an answer, or the command if none are mapped.
---@param buf integer
---@return string
local function stop_key(buf)
  return require("chatvim.keys").mapped(buf, "n", "stop") or ":ChatvimStop"
end

--- Starts the spinner's timer unless it is running.
local function run()
  timer = timer or assert(uv.new_timer())
  if timer:is_active() then
    return
  end
  timer:start(
    INTERVAL,
    INTERVAL,
    vim.schedule_wrap(function()
      M.tick()
    end)
  )
end

--- Schedules a redraw of the statuslines that show the status.
---@param change? boolean an answer began
local function draw_status(change)
  vim.schedule(function()
    require("chatvim.view.status").draw(change)
  end)
end

--- Shows progress at a place until `stop`, and removes the virtual text of an earlier answer.
---@param place chatvim.Place
---@return chatvim.Progress
function M.start(place)
  require("chatvim.view.highlight").define()
  local progress = {
    place = place,
    started = uv.hrtime(),
    shown = 0,
    interval = INTERVAL,
    heard = uv.hrtime(),
    frame = 0,
    stop = stop_key(place.buf),
    phase = "connecting",
    reasoning = 0,
    tools = {},
  }
  api.nvim_buf_clear_namespace(place.buf, namespace, 0, -1)
  running[progress] = true
  M.draw(progress)
  run()
  draw_status(true)
  return progress
end

--- Applies a progress message of the program and draws it.
---@param progress chatvim.Progress
---@param fields table the program's `progress`
function M.update(progress, fields)
  local phase = type(fields.phase) == "string" and fields.phase or progress.phase
  local reasoning = tonumber(fields.reasoning) or progress.reasoning
  if phase ~= progress.phase or reasoning ~= progress.reasoning then
    progress.heard = uv.hrtime()
  end
  progress.phase = phase
  progress.reasoning = reasoning
  progress.tools = type(fields.tools) == "table" and fields.tools or {}
  progress.retry = nil
  if progress.phase == "retrying" then
    progress.retry = {
      at = uv.hrtime() + (tonumber(fields.retry_in) or 0) * 1e9,
      reason = type(fields.reason) == "string" and fields.reason or "failed",
      attempt = tonumber(fields.attempt) or 1,
      attempts = tonumber(fields.attempts) or 1,
    }
  end
  M.draw(progress)
end

--- Scrolls windows to the end of the cursor's line after virtual text has made it longer. Neovim
--- does so only when the cursor is set, even if to its current position.
---@param buf integer
local function reveal(buf)
  for _, win in ipairs(vim.fn.win_findbuf(buf)) do
    local cursor = api.nvim_win_get_cursor(win)
    if vim.fn.line("w$", win) < cursor[1] then
      api.nvim_win_call(win, function()
        local view = vim.fn.winsaveview()
        api.nvim_win_set_cursor(win, cursor)
        vim.fn.winrestview({ curswant = view.curswant, coladd = view.coladd })
      end)
    end
  end
end

--- Returns the virtual text of an answer's progress.
---@param progress chatvim.Progress
---@return [string, string][]
function M.chunks(progress)
  local seconds = math.floor((uv.hrtime() - progress.started) / 1e9)
  local chunks = { { FRAMES[progress.frame] .. " ", "ChatvimProgress" } }
  if progress.model then
    table.insert(chunks, { progress.model .. " · ", "ChatvimProgress" })
  end
  local highlight = progress.phase == "thinking" and "ChatvimReasoning" or "ChatvimProgress"
  table.insert(chunks, { phases.text(progress), highlight })
  table.insert(
    chunks,
    { (" · %d s · %s stops"):format(seconds, progress.stop), "ChatvimProgress" }
  )
  return chunks
end

--- Sets the extmark of the progress at the end of the answer.
---@param progress chatvim.Progress
local function show(progress)
  local buf = progress.place.buf
  local row, column = require("chatvim.chat.place").shown(progress.place)
  if not row or row >= api.nvim_buf_line_count(buf) then
    return
  end
  ---@cast column integer
  if not progress.chunks then
    progress.shown = uv.hrtime()
    progress.chunks = M.chunks(progress)
    progress.width = usage.width(progress.chunks)
  end
  progress.interval = column > LONG_LINE and LONG_INTERVAL or INTERVAL
  local follow = progress.place.follow
  local mark = usage.virtual(buf, row, column, progress.chunks, progress.width, follow)
  mark.id = progress.mark
  mark.right_gravity = true
  mark.strict = false
  progress.mark = set_mark(buf, namespace, row, column, mark)
  if mark.virt_text_pos == "inline" then
    reveal(buf)
  end
end

--- Moves the progress to the answer's end after an update, and updates its text if it is outdated,
--- so that both need only one redraw.
---@param progress chatvim.Progress
function M.touch(progress)
  progress.heard = uv.hrtime()
  if uv.hrtime() - progress.shown >= progress.interval * 1e6 then
    progress.frame = progress.frame % #FRAMES + 1
    progress.chunks = nil
  end
  show(progress)
end

--- Draws the progress at the end of the answer. Between two calls, the mark moves with the text.
---@param progress chatvim.Progress
function M.draw(progress)
  progress.frame = progress.frame % #FRAMES + 1
  progress.chunks = nil
  show(progress)
end

--- Removes the progress.
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
  draw_status()
end

--- Advances the spinners that no update has just drawn.
function M.tick()
  require("chatvim.program.process").check()
  for progress in pairs(running) do
    if uv.hrtime() - progress.shown >= progress.interval / 2 * 1e6 then
      pcall(M.draw, progress)
    end
  end
  require("chatvim.view.status").draw()
end

return M
