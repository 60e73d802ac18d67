-- SPDX-License-Identifier: Apache-2.0
-- The display of an answer's tokens, seconds and price, and of a retry.
local case = require("helpers.case")
local eq = MiniTest.expect.equality

local T = case.set()

T["the line after an answer"] = function()
  local child = case.child()
  for _, row in ipairs({
    { { model = "m" }, "m" },
    { { model = "m", usage = { input = 9 } }, "m · 9 in" },
    {
      {
        model = "m",
        usage = { input = 9, cached = 4, output = 20, reasoning = 8 },
        seconds = 2.34,
        seconds_to_text = 0.51,
        price = 0.0042,
      },
      "m · 9 in (4 cached) · 20 out (8 reasoning) · 2.3 s (first text after 0.5 s) · $0.0042",
    },
    { { model = "m", usage = { input = 9, cached = 0, output = 1 } }, "m · 9 in · 1 out" },
    { { model = "m", outcome = "done", seconds = 1 }, "m · 1.0 s" },
    { { model = "m", outcome = "stopped", seconds = 1 }, "m · stopped · 1.0 s" },
    {
      { model = "m", outcome = "done", code = "cut_short", seconds = 1 },
      "m · cut short · 1.0 s",
    },
    { { model = "m", outcome = "error", code = "truncated" }, "m · cut short" },
    { { model = "m", outcome = "error", code = "server" }, "m · failed" },
    { { model = "m", price = 0 }, "m · $0.0000" },
    { { model = "m", price = 0.00001 }, "m · < $0.0001" },
    { { model = "m", price = 1.5 }, "m · $1.50" },
    { { model = "m", usage = vim.NIL, price = vim.NIL, seconds = vim.NIL }, "m" },
  }) do
    eq(child:lua("return require('chatvim.view.usage').summary(...)", row[1]), row[2])
  end
end

T["a retry counts down, and ends with the next phase"] = function()
  local child = case.child()
  child:chat("Q\n")
  local phases = child:lua([[
    local place = require("chatvim.chat.place").open(0, true)
    local ui = require("chatvim.view.progress")
    local text = require("chatvim.view.phase").text
    local progress = ui.start(place)
    local phases = {}
    local function update(map)
      ui.update(progress, map)
      table.insert(phases, text(progress))
    end
    update({ phase = "retrying", retry_in = 2.5, attempt = 1, attempts = 2, reason = "rate limit" })
    progress.retry.at = progress.retry.at - 1e9
    table.insert(phases, text(progress))
    progress.retry.at = 0
    table.insert(phases, text(progress))
    update({ phase = "connecting" })
    ui.stop(progress)
    return phases
  ]])
  eq(phases, {
    "rate limit, again in 3 s (1 of 2)",
    "rate limit, again in 2 s (1 of 2)",
    "rate limit, again in 0 s (1 of 2)",
    "connecting",
  })
end

return T
