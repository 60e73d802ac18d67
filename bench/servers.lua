-- SPDX-License-Identifier: Apache-2.0
-- Measures chats with tool servers: whether the first request waits for them, and whether the
-- editor or the program stalls when they misbehave. For comparison: the same chat without tools.
local editors = require("editor")
local measure = require("measure")
local statistics = require("statistics")

local M = {}

local RUNS = 15
local NAMES = { "a", "b", "c" }
local SERVER = assert(vim.env.CHATVIM_MCP_STANDIN)

--- Records from now on the longest time, in milliseconds, that the program takes to answer `sync`,
--- which it does once its loop comes round.
local ASK = [[
  local id
  for _, channel in ipairs(vim.api.nvim_list_chans()) do
    if channel.argv and channel.argv[2] == "serve" then id = channel.id end
  end
  _G.longest, _G.asker = 0, vim.uv.new_timer()
  local asks = false
  _G.asker:start(1, 2, vim.schedule_wrap(function()
    if asks or not _G.asker:is_active() then return end
    asks = true
    local begun = vim.uv.hrtime()
    vim.rpcrequest(id, "sync")
    _G.longest = math.max(_G.longest, (vim.uv.hrtime() - begun) / 1e6)
    asks = false
  end))
]]

--- Returns a config.md with servers, each `command` a list in TOML.
---@param standin tests.Standin
---@param servers table<string, string>
---@return string
local function config(standin, servers)
  local tables = {}
  for name, command in pairs(servers) do
    table.insert(tables, ('[tools.%s]\nask = "never"\ntimeout = 2\n%s'):format(name, command))
  end
  table.sort(tables)
  return measure.config(standin, table.concat(tables, "\n"))
end

--- Returns a chat with a choice of tools.
---@param tools string[]
---@return string[]
local function chat(tools)
  local list = #tools == 0 and "[]" or vim.json.encode(tools)
  return { "+++", "tools = " .. list, "+++", "", "# === USER ===", "", "What is this?" }
end

--- Returns the milliseconds from the command to the first request of a new editor and to later
--- ones.
local function requests(standin, tools, options)
  local editor = editors.start(options)
  editor:open_chat(chat(tools))
  -- A user takes longer than this to write a question.
  vim.wait(1500)
  local first = measure.command_to_request(editor, standin, 1, nil, true)
  local later = {}
  for _ = 1, 5 do
    editor:open_chat(chat(tools))
    vim.wait(500)
    vim.list_extend(later, (measure.command_to_request(editor, standin, 1, nil, true)))
  end
  editor:stop()
  return first, later
end

--- Compares the first request of a chat with three servers, whose lists of tools are known and
--- which take 3 s to their first answer, with that of a chat without tools.
local function measure_first(standin)
  local servers = {}
  for _, name in ipairs(NAMES) do
    servers[name] = ('command = ["sh", "-c", "sleep 3; exec %s --%s"]'):format(SERVER, name)
  end
  local state = vim.fn.tempname()
  local options = { config = config(standin, servers), env = { XDG_STATE_HOME = state } }
  -- The first chat waits for the lists, which are kept for the others.
  requests(standin, NAMES, options)
  assert(#vim.fn.glob(state .. "/chatvim/tool-lists/*", true, true) == #NAMES, "no lists are kept")
  local with, without = { {}, {} }, { {}, {} }
  for run = 1, RUNS do
    local order = { { with, NAMES }, { without, {} } }
    for which = 1, 2 do
      local times, tools = unpack(order[run % 2 == 0 and which or 3 - which])
      for index, more in ipairs({ requests(standin, tools, options) }) do
        vim.list_extend(times[index], more)
      end
    end
  end
  vim.fn.delete(state, "rf")
  for index, name in ipairs({ "first of an open chat", "later ones" }) do
    measure.report(
      ("command to request, three tool servers, %s"):format(name),
      measure.show(with[index])
    )
    measure.report("  rival: the same chat without tools", measure.show(without[index]))
    local ratio = statistics.median(with[index]) / statistics.median(without[index])
    measure.report("  ratio", ("%.2f"):format(ratio), "1.1")
  end
end

--- Returns the reply in which the model calls a tool.
local function call(tool, arguments)
  local fields = { name = "s__" .. tool, arguments = vim.json.encode(arguments) }
  return {
    steps = {
      {
        event = {
          object = "chat.completion.chunk",
          choices = {
            {
              index = 0,
              delta = { tool_calls = { { index = 0, id = "c1", ["function"] = fields } } },
            },
          },
        },
      },
      { finish = "tool_calls" },
    },
  }
end

--- Answers a chat whose model calls a tool once, and returns the longest gap in Neovim's loop and
--- the longest time until the program answered.
local function stalls(standin, arguments, tool, fields)
  local options = {
    config = config(standin, {
      s = "command = " .. vim.json.encode(vim.list_extend({ SERVER }, arguments)),
    }),
  }
  local found = {}
  for _, kind in ipairs({ "gap", "longest" }) do
    local editor = editors.start(options)
    editor:open_chat(chat({ "s" }))
    vim.wait(1500)
    measure.forget(standin)
    standin:script({
      call(tool, fields),
      { steps = { { deltas = { count = 3 } }, { finish = "stop" } } },
    })
    if kind == "gap" then
      measure.watch(editor)
    else
      editor:lua(ASK)
    end
    editor:complete()
    if kind == "gap" then
      found.gap = measure.longest_gap(editor)
    else
      found.longest = editor:lua("_G.asker:stop(); return _G.longest")
    end
    found.text =
      editor:lua("return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\\n')")
    editor:stop()
  end
  return found
end

local function measure_stalls(standin)
  for _, case in ipairs({
    { "a short result", {}, "echo", { text = "a" }, "text result" },
    { "a result of 10 MiB", {}, "big", { bytes = 10 * 2 ^ 20 }, "text result" },
    { "a call that is never answered", {}, "wait", vim.empty_dict(), "text error" },
    { "a server that talks first", { "--talks-first" }, "echo", { text = "a" }, "text result" },
    { "4,000 messages at once", {}, "storm", vim.empty_dict(), "text result" },
  }) do
    local gaps, longest = {}, {}
    for _ = 1, 5 do
      local found = stalls(standin, case[2], case[3], case[4])
      assert(found.text:find(case[5], 1, true), found.text:sub(1, 2000))
      table.insert(gaps, found.gap)
      table.insert(longest, found.longest)
    end
    measure.report(
      ("%s: longest gap in Neovim's loop"):format(case[1]),
      ("%.1f ms"):format(statistics.median(gaps)),
      "16"
    )
    measure.report("  longest wait for the program", ("%.1f ms"):format(statistics.median(longest)))
  end
end

---@param standin tests.Standin
function M.run(standin)
  measure_first(standin)
  measure_stalls(standin)
end

return M
