-- SPDX-License-Identifier: Apache-2.0
-- The measurements, each with its target. Times are medians; a wide range means that the machine
-- was busy.
local root = assert(vim.env.CHATVIM_ROOT)
package.path = ("%s/bench/?.lua;%s/tests/nvim/?.lua;%s"):format(root, root, package.path)

local editors = require("editor")
local rivals = require("rivals")
local statistics = require("statistics")
local texts = require("texts")
local standins = require("helpers.standin")

local uv = vim.uv
local median, quantile = statistics.median, statistics.quantile

local standin
local function report(name, value, goal)
  io.stdout:write(("%-62s %-30s %s\n"):format(name, value, goal or ""))
  io.stdout:flush()
end

--- Clears the server's records; connections stay open.
local function forget(server)
  server:_call("POST", "/_standin/reset")
end

--- Returns the server's record of the only request since its reset.
local function record_of(server, with_times)
  local target = "/_standin/requests?wait=1&ended=1&bodies=0&times=" .. (with_times and 1 or 0)
  return server:_call("GET", target).requests[1]
end

local function config(server, more)
  local form = '+++\nmodel = "m1"\n[providers.standin]\nbase_url = "%s://localhost:%d/v1"\n'
  return (form .. 'models = ["m1"]\n%s\n+++\n'):format(
    server.ca_file and "https" or "http",
    server.port,
    more or ""
  )
end

--- Returns the milliseconds from the command until the server has the complete request, for each of
--- `count` requests. With `here`, uses the current buffer as it is instead of opening a chat.
local function command_to_request(editor, server, count, lines, here)
  local times, blocked = {}, {}
  for _ = 1, count do
    forget(server)
    server:script({ { steps = { { deltas = { count = 3 } }, { finish = "stop" } } } })
    if not here then
      editor:open_chat(lines)
    end
    if lines then
      -- Wait for tree-sitter, which needs time for a large chat that was just opened, even without
      -- us.
      vim.wait(2000)
    end
    local _, started, held = editor:complete()
    local record = record_of(server)
    table.insert(times, (record.body_ns - started) / 1e6)
    table.insert(blocked, held)
  end
  return times, blocked
end

local function show(times)
  return ("%.2f ms (%.2f-%.2f)"):format(median(times), quantile(times, 0), quantile(times, 1))
end

local M = {}

function M.request()
  local editor = editors.start({ config = config(standin) })
  command_to_request(editor, standin, 3)
  report("command to request, kept connection", show(command_to_request(editor, standin, 30)), "2")
  editor:stop()

  local tls = standins.start({ tls = true })
  editor = editors.start({ config = config(tls, ('ca_file = "%s"'):format(tls.ca_file or "")) })
  command_to_request(editor, tls, 3)
  report("command to request, TLS, kept connection", show(command_to_request(editor, tls, 30)), "2")
  editor:stop()

  for _, server in ipairs({ standin, tls }) do
    local first = {}
    for _ = 1, 10 do
      editor = editors.start({
        config = config(
          server,
          server.ca_file and ('ca_file = "%s"'):format(server.ca_file or "") or ""
        ),
      })
      editor:open_chat()
      -- A user takes longer than this to write a question; meanwhile the program starts.
      vim.wait(1500)
      vim.list_extend(first, (command_to_request(editor, server, 1)))
      editor:stop()
    end
    report(
      "command to request, first of an open chat" .. (server.ca_file and ", TLS" or ""),
      show(first),
      server.ca_file and "" or "3"
    )
  end
  M.request_of_new_file()
  M.request_by_curl("http", standin)
  M.request_by_curl("https", tls)
  tls:stop()
end

--- Compares the first answer in a new, just typed file with later answers in the same editor.
function M.request_of_new_file()
  local first, later = {}, {}
  for _ = 1, 15 do
    local editor = editors.start({ config = config(standin) })
    -- Wait about as long as typing takes before each request: after an idle second, processes
    -- respond more slowly.
    editor:type_chat("What is this?")
    vim.wait(1500)
    vim.list_extend(first, (command_to_request(editor, standin, 1, nil, true)))
    for _ = 1, 2 do
      editor:input("GoAnd this?<Esc>")
      vim.wait(1500)
      vim.list_extend(later, (command_to_request(editor, standin, 1, nil, true)))
    end
    editor:stop()
  end
  report("command to request, first in a new file", show(first))
  report("  later ones in the same file", show(later))
  report("  ratio", ("%.2f"):format(median(first) / median(later)), "1.2")
end

function M.request_by_curl(scheme, server)
  local editor = editors.start({
    plain = true,
    env = server.ca_file and { CURL_CA_BUNDLE = server.ca_file } or nil,
  })
  local times = {}
  for _ = 1, 10 do
    forget(server)
    server:script({ { steps = { { deltas = { count = 3 } }, { finish = "stop" } } } })
    editor:open_chat()
    editor:await(rivals.curl, ("%s://localhost:%d/v1/chat/completions"):format(scheme, server.port))
    local record = record_of(server)
    table.insert(times, (record.body_ns - editor:lua("return _G.started")) / 1e6)
  end
  report(("  rival: a child curl, %s"):format(scheme), show(times))
  editor:stop()
end

function M.delta()
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
  local editor = editors.start({ config = config(standin) })
  forget(standin)
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
  local record = record_of(standin, true)
  local sent = record.reply.steps[1].sent_ns
  local latencies, next_word = {}, 1
  for _, entry in ipairs(editor:lua("return _G.seen")) do
    while next_word <= entry[1] do
      table.insert(latencies, (entry[2] - sent[next_word]) / 1e6)
      next_word = next_word + 1
    end
  end
  report(
    "delta in the buffer after it was sent, 60 a second, median",
    ("%.2f ms"):format(median(latencies)),
    "0.5"
  )
  report("  95th percentile", ("%.2f ms"):format(quantile(latencies, 0.95)), "1")
  editor:stop()
  M.delta_cpu(words, rate, script)
end

local CPU = [[
  local used = vim.uv.getrusage()
  return used.utime.sec + used.stime.sec + (used.utime.usec + used.stime.usec) / 1e6
]]

function M.delta_cpu(words, rate, script)
  local ours, timers = {}, {}
  for _ = 1, 5 do
    local editor = editors.start({ config = config(standin) })
    forget(standin)
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
  report("  CPU of Neovim for 300 deltas", ("%.3f s"):format(median(ours)))
  report("  rival: a Lua timer, the same text and pace", ("%.3f s"):format(median(timers)))
  report("  ratio", ("%.2f"):format(median(ours) / median(timers)), "1.15")
end

local GAPS = [[
  _G.gap, _G.last = 0, vim.uv.hrtime()
  _G.watch = vim.uv.new_timer()
  _G.watch:start(1, 1, function()
    local now = vim.uv.hrtime()
    _G.gap = math.max(_G.gap, now - _G.last)
    _G.last = now
  end)
]]

--- Measures a burst at full speed: the time from the request's arrival at the server to the end,
--- and the longest gaps.
local function burst(name, deltas, bytes, goal, runs)
  local times, gaps, flushes, resident = {}, {}, {}, {}
  for _ = 1, runs or 5 do
    local editor = editors.start({ config = config(standin) })
    forget(standin)
    standin:script({ { steps = { { deltas = deltas }, { finish = "stop" } } } })
    editor:open_chat()
    vim.wait(300)
    editor:lua(GAPS)
    local ended = editor:complete()
    local record = record_of(standin)
    table.insert(times, (ended - record.body_ns) / 1e6)
    table.insert(gaps, editor:lua("_G.watch:stop(); return _G.gap") / 1e6)
    table.insert(flushes, editor:longest_flush_gap(record.body_ns, ended))
    table.insert(resident, editor:memory("VmRSS"))
    local size = editor:lua("return vim.fn.wordcount().bytes")
    assert(size >= bytes * 0.99, ("only %d of %d bytes came"):format(size, bytes))
    editor:stop()
  end
  report(
    name,
    ("%.0f ms (%.0f-%.0f)"):format(median(times), quantile(times, 0), quantile(times, 1)),
    goal
  )
  report("  longest gap in Neovim's loop", ("%.1f ms"):format(median(gaps)), "16")
  report("  longest time between two screens", ("%.1f ms"):format(median(flushes)), "40")
  report(
    "  memory of the program after it",
    ("%.1f MB"):format(median(resident)),
    bytes > 400000 and "20" or ""
  )
end

--- Measures how long Neovim itself takes to insert a burst's text: a Lua timer inserts 32 KB every
--- 16 ms.
function M.burst_by_timer(name, line, count)
  local text = table.concat(line):rep(count / #line)
  local pieces = {}
  for start = 1, #text, 32768 do
    pieces[#pieces + 1] = text:sub(start, start + 32767)
  end
  local editor = editors.start({ plain = true })
  editor:open_chat()
  vim.wait(300)
  editor:lua(GAPS)
  local started = uv.hrtime()
  local ended = editor:await(rivals.timer, pieces, 62.5)
  local gap = editor:lua("_G.watch:stop(); return _G.gap") / 1e6
  local flush = editor:longest_flush_gap(started, ended)
  report(name, ("%.0f ms, gaps %.0f and %.0f ms"):format((ended - started) / 1e6, gap, flush))
  editor:stop()
end

function M.burst()
  local line = texts.prose()
  burst("20,000 deltas (100 KB) at full speed", { text = line, count = 20000 }, 100000, "80")
  burst("100,000 deltas (500 KB) at full speed", { text = line, count = 100000 }, 500000, "300")
  burst("one line of 200 KB in 40,000 deltas", { text = "word ", count = 40000 }, 200000, "200")
  M.burst_by_timer("  rival: bare nvim_buf_set_text, 100 KB in 32 KB pieces", line, 20000)
  M.burst_by_timer("  rival: bare nvim_buf_set_text, 500 KB in 32 KB pieces", line, 100000)
  M.burst_by_timer("  rival: bare nvim_buf_set_text, one line of 200 KB", { "word " }, 40000)
  local editor = editors.start({ plain = true })
  forget(standin)
  standin:script({
    { steps = { { deltas = { text = line, count = 20000 } }, { finish = "stop" } } },
  })
  editor:open_chat()
  local ended =
    editor:await(rivals.curl, ("http://localhost:%d/v1/chat/completions"):format(standin.port))
  local record = record_of(standin)
  report(
    "  rival: curl -N and rewriting, 20,000 deltas",
    ("%.0f ms"):format((ended - record.body_ns) / 1e6)
  )
  editor:stop()
end

function M.large()
  for _, megabytes in ipairs({ 5, 20 }) do
    local lines = texts.large_chat(megabytes)
    local editor = editors.start({ config = config(standin) })
    command_to_request(editor, standin, 1)
    local times, blocked = command_to_request(editor, standin, 7, lines)
    editor:stop()
    local script_times, script_blocked = M.large_by_script(lines)
    local name = ("%d MB chat: "):format(megabytes)
    report(name .. "command to request", show(times))
    report("  Neovim blocked by the command", show(blocked), "as the rival at most")
    report("  rival: a Lua script and a child curl", show(script_times))
    report("  Neovim blocked by the rival", show(script_blocked))
    report("  ratio", ("%.2f"):format(median(times) / median(script_times)), "0.5")
  end
end

function M.large_by_script(lines)
  local editor = editors.start({ plain = true })
  local times, blocked = {}, {}
  for _ = 1, 7 do
    forget(standin)
    standin:script({ { steps = { { deltas = { count = 3 } }, { finish = "stop" } } } })
    editor:open_chat(lines)
    vim.wait(2000)
    editor:await(rivals.script, ("http://localhost:%d/v1/chat/completions"):format(standin.port))
    local record = record_of(standin)
    table.insert(times, (record.body_ns - editor:lua("return _G.started")) / 1e6)
    table.insert(blocked, editor:lua("return _G.blocked"))
  end
  editor:stop()
  return times, blocked
end

function M.load()
  local times = {}
  for _ = 1, 30 do
    local editor = editors.start({ plain = true })
    table.insert(
      times,
      editor:lua(
        [[
      vim.opt.runtimepath:prepend(...)
      local start = vim.uv.hrtime()
      vim.cmd.source(... .. "/plugin/chatvim.lua")
      return (vim.uv.hrtime() - start) / 1e6
    ]],
        root
      )
    )
    editor:stop()
  end
  report("loading the plugin", show(times), "0.3")
end

function M.memory()
  local editor = editors.start({ config = config(standin) })
  editor:open_chat()
  -- The program counts as idle after a period without messages.
  vim.wait(2000)
  report("memory of the idle program", ("%.1f MB"):format(editor:memory("VmRSS")), "16")
  editor:stop()
end

--- Measures the time from starting the program to its hello message.
function M.start()
  local program = assert(vim.env.CHATVIM_PROGRAM)
  require("start").run(program, root .. "/build/package/chatvim", report)
end

--- Measures whether the editor stutters (behaviour B10), for CHATVIM_BENCH_SECONDS (default 10) per
--- variant.
function M.stutter()
  require("stutter").run(standin, config(standin), report)
end

--- Measures what large embeds cost the editor (behaviour B8).
function M.embeds()
  require("embeds").run(standin, config(standin), report)
end

local all = { "load", "start", "memory", "request", "delta", "burst", "large", "embeds", "stutter" }
local chosen = #_G.arg > 0 and _G.arg or all
standin = standins.start()
report("measurement", "figure", "goal")
for _, name in ipairs(chosen) do
  M[name]()
end
standin:stop()
