-- SPDX-License-Identifier: Apache-2.0
-- Measures how soon a delta is in the buffer, and the CPU time of Neovim. For comparison: a Lua
-- timer.
local editors = require("editor")
local measure = require("measure")
local rivals = require("rivals")
local statistics = require("statistics")
local texts = require("texts")

local M = {}

local CPU = [[
  local used = vim.uv.getrusage()
  return used.utime.sec + used.stime.sec + (used.utime.usec + used.stime.usec) / 1e6
]]

local function measure_cpu(standin, words, rate, script)
  local ours, timers = {}, {}
  for _ = 1, 5 do
    local editor = editors.start({ config = measure.config(standin) })
    measure.forget(standin)
    standin:script(script)
    editor:open_chat()
    vim.wait(300)
    local before = editor:lua(CPU)
    editor:complete()
    table.insert(ours, editor:lua(CPU) - before)
    editor:stop()

    editor = editors.start({ plain = true })
    editor:open_chat()
    vim.wait(300)
    before = editor:lua(CPU)
    editor:await(rivals.timer, words, rate)
    table.insert(timers, editor:lua(CPU) - before)
    editor:stop()
  end
  measure.report("  CPU of Neovim for 300 deltas", ("%.3f s"):format(statistics.median(ours)))
  measure.report(
    "  rival: a Lua timer, the same text and pace",
    ("%.3f s"):format(statistics.median(timers))
  )
  measure.report(
    "  ratio",
    ("%.2f"):format(statistics.median(ours) / statistics.median(timers)),
    "1.15"
  )
end

---@param standin tests.Standin
function M.run(standin)
  local count, rate = 300, 60
  local words = texts.paced_texts(count)
  local script = {
    {
      steps = {
        { deltas = { text = words, count = count, per_second = rate } },
        { finish = "stop" },
      },
    },
  }
  local editor = editors.start({ config = measure.config(standin) })
  measure.forget(standin)
  standin:script(script)
  editor:open_chat()
  -- Records the number of each word and when it was in the buffer.
  editor:lua([[
    _G.seen = {}
    vim.api.nvim_buf_attach(0, false, { on_lines = function(_, buf, _, _, _, last)
      local now = vim.uv.hrtime()
      local lines = vim.api.nvim_buf_get_lines(buf, math.max(last - 2, 0), last, false)
      local number = table.concat(lines, " "):match(".*w(%d+)")
      if number then _G.seen[#_G.seen + 1] = { tonumber(number), now } end
    end })
  ]])
  editor:complete()
  local record = measure.record_of(standin, true)
  local sent = record.reply.steps[1].sent_ns
  local latencies, next_word = {}, 1
  for _, entry in ipairs(editor:lua("return _G.seen")) do
    while next_word <= entry[1] do
      table.insert(latencies, (entry[2] - sent[next_word]) / 1e6)
      next_word = next_word + 1
    end
  end
  measure.report(
    "delta in the buffer after it was sent, 60 a second, median",
    ("%.2f ms"):format(statistics.median(latencies)),
    "0.5"
  )
  measure.report("  95th percentile", ("%.2f ms"):format(statistics.quantile(latencies, 0.95)), "1")
  editor:stop()
  measure_cpu(standin, words, rate, script)
end

return M
