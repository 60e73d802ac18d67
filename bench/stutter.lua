-- SPDX-License-Identifier: Apache-2.0
-- Measures whether the editor stutters when 2,000 deltas a second arrive in a chat of 10,000 lines
-- with markdown highlighting, alone and with a plugin that renders markdown. For comparison: the
-- same editor idle, and with the same text inserted by a Lua timer at the pace of our updates,
-- which shows Neovim's own share.
--   CHATVIM_BENCH_SECONDS  duration of each measurement, default 10
--   CHATVIM_RENDERER       a checkout of render-markdown.nvim, instead of bench/renderer.lua
local editors = require("editor")
local measure = require("measure")
local rivals = require("rivals")
local statistics = require("statistics")
local texts = require("texts")

local M = {}

local RATE = 2000
--- Updates a second that Neovim receives, however many deltas arrive.
local PACE = 60
local LINES = 10000

--- Records from now on the milliseconds between runs of a 5 ms timer.
local WATCH = [[
  _G.gaps, _G.last = {}, vim.uv.hrtime()
  _G.watch = vim.uv.new_timer()
  _G.watch:start(5, 5, function()
    local now = vim.uv.hrtime()
    _G.gaps[#_G.gaps + 1] = (now - _G.last) / 1e6
    _G.last = now
  end)
]]

--- The result of one measurement.
---@class bench.Stutter
---@field gaps number[] milliseconds
---@field screens number the longest time between two screens, in milliseconds
---@field memory? string

---@param standin tests.Standin
function M.run(standin)
  local seconds = tonumber(vim.env.CHATVIM_BENCH_SECONDS) or 10
  local lines = texts.long_chat(LINES)
  local renderer = vim.env.CHATVIM_RENDERER
  for _, entry in ipairs({
    { "alone" },
    { renderer and vim.fs.basename(renderer) or "a renderer", renderer or "" },
  }) do
    local name, with = entry[1], entry[2]
    measure.report(
      ("%d deltas a second for %d s, %d lines, %s"):format(RATE, seconds, #lines, name),
      ""
    )
    M._report("  idle", M._idle(lines, with, seconds))
    M._report("  a Lua timer, the same text", M._timer(lines, with, seconds))
    local ours = M._ours(lines, with, seconds, standin)
    M._report("  Chatvim", ours, "as the timer, or 50")
    measure.report("    memory of the program, at its most", ours.memory or "")
  end
end

---@param name string
---@param stutter bench.Stutter
---@param goal? string
function M._report(name, stutter, goal)
  local gaps = stutter.gaps
  local all, long, count = 0, 0, 0
  for _, gap in ipairs(gaps) do
    all = all + gap
    if gap > 50 then
      long, count = long + gap, count + 1
    end
  end
  local longest, most = statistics.quantile(gaps, 1), statistics.quantile(gaps, 0.99)
  measure.report(name .. ": longest gap, 99 %", ("%.1f ms, %.1f ms"):format(longest, most), goal)
  measure.report("    gaps over 50 ms", ("%d, %.0f %% of the time"):format(count, 100 * long / all))
  measure.report("    longest time between two screens", ("%.0f ms"):format(stutter.screens))
end

--- Returns an editor with the chat open, completely parsed and drawn.
---@param lines string[]
---@param renderer string? "" for bench/renderer.lua
---@param options { config?: string, plain?: boolean }
---@return bench.Editor
function M._editor(lines, renderer, options)
  local editor = editors.start(options)
  editor.limit = 600000
  editor:open_chat(lines)
  if renderer == "" then
    editor:lua("package.path = ... .. '/bench/?.lua;' .. package.path", vim.env.CHATVIM_ROOT)
    editor:lua("require('renderer').attach()")
  elseif renderer then
    editor:lua(
      [[
      vim.opt.runtimepath:prepend(...)
      vim.cmd("runtime! plugin/*markdown*.lua")
      vim.cmd.doautocmd("FileType markdown")
    ]],
      renderer
    )
  end
  vim.wait(3000)
  assert(not renderer or editor:lua("return vim.wo.conceallevel") > 0, "nothing renders")
  return editor
end

--- Runs an action while recording the gaps, then stops the editor.
---@param editor bench.Editor
---@param action fun()
---@return bench.Stutter
function M._watch(editor, action)
  editor:lua(WATCH)
  local started = vim.uv.hrtime()
  action()
  local stutter = {
    gaps = editor:lua("_G.watch:stop(); return _G.gaps"),
    screens = editor:longest_flush_gap(started, vim.uv.hrtime()),
  }
  editor:stop()
  return stutter
end

function M._idle(lines, renderer, seconds)
  local editor = M._editor(lines, renderer, { plain = true })
  return M._watch(editor, function()
    vim.wait(seconds * 1000)
  end)
end

function M._timer(lines, renderer, seconds)
  local editor = M._editor(lines, renderer, { plain = true })
  local all = table.concat(texts.prose()):rep(math.ceil(RATE * seconds / 100))
  local size = math.floor(#all / (PACE * seconds))
  local pieces = {}
  for start = 1, #all, size do
    table.insert(pieces, all:sub(start, start + size - 1))
  end
  return M._watch(editor, function()
    editor:await(rivals.timer, pieces, PACE)
  end)
end

function M._ours(lines, renderer, seconds, standin)
  local editor = M._editor(lines, renderer, { config = measure.config(standin) })
  local deltas = { text = texts.prose(), count = RATE * seconds, per_second = RATE }
  measure.forget(standin)
  standin:script({ { steps = { { deltas = deltas }, { finish = "stop" } } } })
  local memory
  local stutter = M._watch(editor, function()
    editor:complete()
    memory = editor:memory("VmHWM")
  end)
  local bytes = 0
  for _, step in ipairs(measure.record_of(standin).reply.steps) do
    bytes = bytes + step.bytes
  end
  stutter.memory = ("%.1f MB for %.1f MB received"):format(memory, bytes / 2 ^ 20)
  return stutter
end

return M
