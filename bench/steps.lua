-- SPDX-License-Identifier: Apache-2.0
-- Measures an answer of 50 steps, each with 20 KB of state and a result of 4 KB: the program's own
-- work between the end of a response and the next request, and what an update costs Neovim. For
-- comparison: a Lua timer that inserts the same text.
local editors = require("editor")
local measure = require("measure")
local statistics = require("statistics")

local M = {}

local STEPS = 50
local SHOWN = { 1, 10, 25, 50 }
local RUNS = 5

local CPU = [[
  function _G.cpu()
    local used = vim.uv.getrusage()
    local seconds = used.utime.sec + used.stime.sec
    return (seconds + (used.utime.usec + used.stime.usec) / 1e6) * 1000
  end
]]

--- Records Neovim's CPU milliseconds each time that a step's call has been written.
local WATCH = CPU
  .. [[
  _G.cpus, _G.lines = { _G.cpu() }, {}
  vim.api.nvim_buf_attach(0, false, { on_lines = function(_, buf, _, first, _, last)
    local lines = vim.api.nvim_buf_get_lines(buf, first, last, false)
    for _, line in ipairs(lines) do
      local step = line:match("<summary>Step (%d+):")
      if step then _G.cpus[tonumber(step) + 1] = _G.cpu() end
    end
  end })
]]

--- Appends the blocks to the buffer as a Lua plugin would, each after a redraw.
local INSERT = CPU
  .. [[
  local blocks = ...
  _G.cpus = { _G.cpu() }
  local buf, index = vim.api.nvim_get_current_buf(), 0
  local timer = vim.uv.new_timer()
  timer:start(0, 20, vim.schedule_wrap(function()
    if index == #blocks then
      if timer:is_active() then
        timer:stop()
        _G.done(true)
      end
      return
    end
    index = index + 1
    local row = vim.api.nvim_buf_line_count(buf) - 1
    vim.api.nvim_buf_set_lines(buf, row + 1, row + 1, false, blocks[index])
    vim.api.nvim_win_set_cursor(0, { vim.api.nvim_buf_line_count(buf), 0 })
    _G.cpus[index + 1] = _G.cpu()
  end))
]]

--- Returns the reply that has a call in the form of Messages: thinking with a signature of 20 KB,
--- then files.read.
local function reply(number)
  local function event(fields)
    return { event = fields, name = fields.type }
  end
  local function delta(index, fields)
    return event({ type = "content_block_delta", index = index, delta = fields })
  end
  local signature = (("%05d"):format(number) .. ("QmFzZTY0"):rep(2560)):sub(1, 20480)
  local call = { type = "tool_use", name = "files__read", input = vim.empty_dict() }
  call.id = "toolu_" .. number
  return {
    steps = {
      event({ type = "message_start", message = { id = "m", role = "assistant", content = {} } }),
      event({
        type = "content_block_start",
        index = 0,
        content_block = { type = "thinking", thinking = "" },
      }),
      delta(0, { type = "signature_delta", signature = signature }),
      event({ type = "content_block_stop", index = 0 }),
      event({ type = "content_block_start", index = 1, content_block = call }),
      delta(1, { type = "input_json_delta", partial_json = ('{"path":"%d.txt"}'):format(number) }),
      event({ type = "content_block_stop", index = 1 }),
      event({ type = "message_delta", delta = { stop_reason = "tool_use" } }),
      event({ type = "message_stop" }),
    },
  }
end

--- Returns the reply that ends the answer.
local function last_reply()
  local last = reply(0)
  last.steps[5].event.content_block = { type = "text", text = "" }
  last.steps[6].event.delta = { type = "text_delta", text = "Done." }
  last.steps[8].event.delta = { stop_reason = "end_turn" }
  return last
end

--- Returns for each step how much a list of rising values rises in it.
local function differences(values)
  local all = {}
  for index = 2, #values do
    table.insert(all, values[index] - values[index - 1])
  end
  return all
end

--- The result of one answer; `work` (milliseconds) and `bytes` are those of the request after each
--- step, `cpu` (milliseconds) is Neovim's.
---@class bench.Answer
---@field work number[]
---@field bytes number[]
---@field cpu number[]
---@field gap number
---@field lines string[]
---@field memory number

--- Makes one answer of 50 steps.
---@param standin tests.Standin
---@return bench.Answer
local function answer(standin, folder)
  local config = measure
    .config(standin, 'api = "messages"')
    :gsub("^%+%+%+\n", ("+++\nmax_steps = %d\n"):format(STEPS + 1))
  local editor = editors.start({ config = config })
  editor:lua("vim.cmd.cd(...)", folder)
  local replies = {}
  for number = 1, STEPS do
    replies[number] = reply(number)
  end
  table.insert(replies, last_reply())
  measure.forget(standin)
  standin:script(replies)
  editor:open_chat({
    "+++",
    'tools = ["files"]',
    "+++",
    "",
    "# === USER ===",
    "",
    "What is in them?",
  })
  vim.wait(1500)
  editor:lua(WATCH)
  measure.watch(editor)
  editor:complete()
  local found = { work = {}, bytes = {}, gap = measure.longest_gap(editor) }
  found.cpu = differences(editor:lua("return _G.cpus"))
  found.lines = editor:lua("return vim.api.nvim_buf_get_lines(0, 0, -1, false)")
  found.memory = editor:memory("VmHWM")
  local target = ("/_standin/requests?wait=%d&ended=%d&bodies=0"):format(STEPS + 1, STEPS + 1)
  local requests = standin:_call("GET", target).requests
  assert(#requests == STEPS + 1, "not all steps were made")
  for step = 1, STEPS do
    local ended = requests[step].reply.ended_ns
    table.insert(found.work, (requests[step + 1].body_ns - ended) / 1e6)
    table.insert(found.bytes, requests[step + 1].body_bytes)
  end
  editor:stop()
  return found
end

--- Appends the blocks of the answer with a Lua timer.
---@return { cpu: number[], gap: number }
local function by_timer(lines)
  local blocks, block = {}, nil
  for _, line in ipairs(lines) do
    if line:match("^<!%-%- chatvim:state") then
      block = {}
      table.insert(blocks, block)
    end
    if block then
      table.insert(block, line)
    end
  end
  local editor = editors.start({ plain = true })
  editor:open_chat()
  vim.wait(1500)
  measure.watch(editor)
  editor:await(INSERT, blocks)
  local found = { gap = measure.longest_gap(editor) }
  found.cpu = differences(editor:lua("return _G.cpus"))
  editor:stop()
  return found
end

--- Returns the median over all runs of their means of the steps from `first` to `last`. An update
--- can hold several steps, so only the sum over some says what a step costs.
local function mean(runs, key, first, last)
  local means = {}
  for _, run in ipairs(runs) do
    local sum = 0
    for step = first, last do
      sum = sum + run[key][step]
    end
    table.insert(means, sum / (last - first + 1))
  end
  return statistics.median(means)
end

--- Reports what a step cost Neovim, and how long its loop stood still.
local function report_editor(name, runs, goal)
  local gaps = {}
  for _, run in ipairs(runs) do
    table.insert(gaps, run.gap)
  end
  measure.report(
    ("  %s: Neovim's CPU for a step, steps 1 to 20 and 31 to 50"):format(name),
    ("%.1f ms, %.1f ms"):format(mean(runs, "cpu", 1, 20), mean(runs, "cpu", 31, 50))
  )
  measure.report(
    "    longest gap in Neovim's loop",
    ("%.1f ms"):format(statistics.median(gaps)),
    goal
  )
end

---@param standin tests.Standin
function M.run(standin)
  local folder = vim.fn.tempname()
  vim.fn.mkdir(folder, "p")
  for number = 1, STEPS do
    local lines = {}
    for line = 1, 50 do
      lines[line] = ("%d %d "):format(number, line) .. ("word "):rep(15)
    end
    vim.fn.writefile(lines, ("%s/%d.txt"):format(folder, number))
  end
  local ours, timers = {}, {}
  for index = 1, RUNS do
    ours[index] = answer(standin, folder)
    timers[index] = by_timer(ours[index].lines)
  end
  vim.fn.delete(folder, "rf")
  measure.report(("an answer of %d steps, 20 KB of state each"):format(STEPS), "")
  for _, step in ipairs(SHOWN) do
    measure.report(
      ("  from response %d to the next request"):format(step),
      ("%.1f ms, %.0f KB"):format(
        mean(ours, "work", step, step),
        mean(ours, "bytes", step, step) / 1000
      )
    )
  end
  report_editor("Chatvim", ours, "16")
  report_editor("rival, a Lua timer with the same text", timers)
  measure.report("  memory of the program, at its most", ("%.0f MB"):format(ours[1].memory))
end

return M
