-- SPDX-License-Identifier: Apache-2.0
-- Measures how long the program takes from its start to its hello message: this build's, and the
-- self-contained one from `make package`.
local measure = require("measure")
local statistics = require("statistics")

local M = {}

local uv = vim.uv
local RUNS = 40

--- Returns the milliseconds from starting the program to its hello message.
---@param program string
---@return number
local function start(program)
  local stdin, stdout = assert(uv.new_pipe()), assert(uv.new_pipe())
  local received, ended = "", nil
  local begun = uv.hrtime()
  local process = assert(uv.spawn(program, {
    args = { "serve" },
    stdio = { stdin, stdout, nil },
  }, function() end))
  stdout:read_start(function(_, data)
    received = received .. (data or "")
    if not ended and received:find("hello", 1, true) then
      ended = uv.hrtime()
    end
  end)
  local hello = { 2, "hello", { { protocol = 1, version = "bench" } } }
  stdin:write(vim.mpack.encode(hello))
  assert(
    vim.wait(5000, function()
      return ended ~= nil
    end, 1),
    program .. " says no hello"
  )
  stdin:close()
  stdout:close()
  process:kill("sigkill")
  process:close()
  return (ended - begun) / 1e6
end

---@param program string the one from this build
---@param portable string the self-contained one
function M.run(program, portable)
  local times = { [program] = {}, [portable] = {} }
  local there = vim.fn.executable(portable) == 1
  -- Alternate, so that a busy machine slows both down. The first round only warms the caches.
  for round = 0, RUNS do
    for path, list in pairs(times) do
      if path == program or there then
        local time = start(path)
        if round > 0 then
          table.insert(list, time)
        end
      end
    end
  end
  local function show(list)
    return ("%.1f ms (least %.1f)"):format(statistics.median(list), statistics.quantile(list, 0))
  end
  measure.report("start of the program to its hello", show(times[program]))
  if not there then
    measure.report("  the self-contained program", "not built: make package")
    return
  end
  measure.report("  the self-contained program", show(times[portable]))
  local ratio = statistics.median(times[portable]) / statistics.median(times[program])
  measure.report("  in times of the first", ("%.2f"):format(ratio), "0.33")
end

return M
