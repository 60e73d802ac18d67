-- SPDX-License-Identifier: Apache-2.0
-- What several measurements use: the table of results, the server's records, times in an editor.
local statistics = require("statistics")

local M = {}

--- Prints one row of the table.
---@param name string
---@param value string
---@param goal? string
function M.report(name, value, goal)
  io.stdout:write(("%-62s %-30s %s\n"):format(name, value, goal or ""))
  io.stdout:flush()
end

--- Returns the median and the range of times in milliseconds.
---@param times number[]
---@return string
function M.show(times)
  return ("%.2f ms (%.2f-%.2f)"):format(
    statistics.median(times),
    statistics.quantile(times, 0),
    statistics.quantile(times, 1)
  )
end

--- Returns a config.md whose provider is the server.
---@param server tests.Standin
---@param more? string further lines of TOML
---@return string
function M.config(server, more)
  local form = '+++\nmodel = "m1"\n[providers.standin]\nbase_url = "%s://localhost:%d/v1"\n'
  return (form .. 'models = ["m1"]\n%s\n+++\n'):format(
    server.ca_file and "https" or "http",
    server.port,
    more or ""
  )
end

--- Clears the server's records; connections stay open.
---@param server tests.Standin
function M.forget(server)
  server:_call("POST", "/_standin/reset")
end

--- Returns the server's record of the only request since its reset.
---@param server tests.Standin
---@param with_times? boolean with the times at which its deltas were sent
---@return table
function M.record_of(server, with_times)
  local target = "/_standin/requests?wait=1&ended=1&bodies=0&times=" .. (with_times and 1 or 0)
  return server:_call("GET", target).requests[1]
end

--- Returns the milliseconds from the command until the server has the complete request, for each of
--- `count` requests. With `here`, uses the current buffer as it is instead of opening a chat.
---@param editor bench.Editor
---@param server tests.Standin
---@param count integer
---@param lines? string[]
---@param here? boolean
---@return number[] times
---@return number[] blocked milliseconds that each command took
function M.command_to_request(editor, server, count, lines, here)
  local times, blocked = {}, {}
  for _ = 1, count do
    M.forget(server)
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
    local record = M.record_of(server)
    table.insert(times, (record.body_ns - started) / 1e6)
    table.insert(blocked, held)
  end
  return times, blocked
end

--- Makes the editor record from now on the longest time between two runs of a 1 ms timer.
---@param editor bench.Editor
function M.watch(editor)
  editor:lua([[
    _G.gap, _G.last = 0, vim.uv.hrtime()
    _G.watch = vim.uv.new_timer()
    _G.watch:start(1, 1, function()
      local now = vim.uv.hrtime()
      _G.gap = math.max(_G.gap, now - _G.last)
      _G.last = now
    end)
  ]])
end

--- Ends the recording and returns that time in milliseconds.
---@param editor bench.Editor
---@return number
function M.longest_gap(editor)
  return editor:lua("_G.watch:stop(); return _G.gap") / 1e6
end

return M
