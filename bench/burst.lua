-- SPDX-License-Identifier: Apache-2.0
-- Measures answers that arrive at full speed. For comparison: Neovim alone, and a child curl.
local editors = require("editor")
local measure = require("measure")
local rivals = require("rivals")
local statistics = require("statistics")
local texts = require("texts")

local M = {}

--- Measures a burst at full speed: the time from the request's arrival at the server to the end,
--- and the longest gaps.
local function burst(standin, name, deltas, bytes, goal, runs)
  local times, gaps, flushes, resident = {}, {}, {}, {}
  for _ = 1, runs or 5 do
    local editor = editors.start({ config = measure.config(standin) })
    measure.forget(standin)
    standin:script({ { steps = { { deltas = deltas }, { finish = "stop" } } } })
    editor:open_chat()
    vim.wait(300)
    measure.watch(editor)
    local ended = editor:complete()
    local record = measure.record_of(standin)
    table.insert(times, (ended - record.body_ns) / 1e6)
    table.insert(gaps, measure.longest_gap(editor))
    table.insert(flushes, editor:longest_flush_gap(record.body_ns, ended))
    table.insert(resident, editor:memory("VmRSS"))
    local size = editor:lua("return vim.fn.wordcount().bytes")
    assert(size >= bytes * 0.99, ("only %d of %d bytes came"):format(size, bytes))
    editor:stop()
  end
  measure.report(
    name,
    ("%.0f ms (%.0f-%.0f)"):format(
      statistics.median(times),
      statistics.quantile(times, 0),
      statistics.quantile(times, 1)
    ),
    goal
  )
  measure.report(
    "  longest gap in Neovim's loop",
    ("%.1f ms"):format(statistics.median(gaps)),
    "16"
  )
  measure.report(
    "  longest time between two screens",
    ("%.1f ms"):format(statistics.median(flushes)),
    "40"
  )
  measure.report(
    "  memory of the program after it",
    ("%.1f MB"):format(statistics.median(resident)),
    bytes > 400000 and "20" or ""
  )
end

--- Measures how long Neovim itself takes to insert a burst's text: a Lua timer inserts 32 KB every
--- 16 ms.
local function by_timer(name, line, count)
  local text = table.concat(line):rep(count / #line)
  local pieces = {}
  for start = 1, #text, 32768 do
    pieces[#pieces + 1] = text:sub(start, start + 32767)
  end
  local editor = editors.start({ plain = true })
  editor:open_chat()
  vim.wait(300)
  measure.watch(editor)
  local started = vim.uv.hrtime()
  local ended = editor:await(rivals.timer, pieces, 62.5)
  local gap = measure.longest_gap(editor)
  local flush = editor:longest_flush_gap(started, ended)
  measure.report(
    name,
    ("%.0f ms, gaps %.0f and %.0f ms"):format((ended - started) / 1e6, gap, flush)
  )
  editor:stop()
end

---@param standin tests.Standin
function M.run(standin)
  local line = texts.prose()
  burst(
    standin,
    "20,000 deltas (100 KB) at full speed",
    { text = line, count = 20000 },
    100000,
    "80"
  )
  burst(
    standin,
    "100,000 deltas (500 KB) at full speed",
    { text = line, count = 100000 },
    500000,
    "300"
  )
  burst(
    standin,
    "one line of 200 KB in 40,000 deltas",
    { text = "word ", count = 40000 },
    200000,
    "200"
  )
  by_timer("  rival: bare nvim_buf_set_text, 100 KB in 32 KB pieces", line, 20000)
  by_timer("  rival: bare nvim_buf_set_text, 500 KB in 32 KB pieces", line, 100000)
  by_timer("  rival: bare nvim_buf_set_text, one line of 200 KB", { "word " }, 40000)
  local editor = editors.start({ plain = true })
  measure.forget(standin)
  standin:script({
    { steps = { { deltas = { text = line, count = 20000 } }, { finish = "stop" } } },
  })
  editor:open_chat()
  local ended =
    editor:await(rivals.curl, ("http://localhost:%d/v1/chat/completions"):format(standin.port))
  local record = measure.record_of(standin)
  measure.report(
    "  rival: curl -N and rewriting, 20,000 deltas",
    ("%.0f ms"):format((ended - record.body_ns) / 1e6)
  )
  editor:stop()
end

return M
