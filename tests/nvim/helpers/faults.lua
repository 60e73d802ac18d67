-- SPDX-License-Identifier: Apache-2.0
-- Helpers of the kill tests and the long runs: seeds, processes, memory, and the rows of
-- doc/faults.md that the Neovim tests produce.
local environment = require("helpers.environment")
local files = require("helpers.system")

local M = {}

--- Returns the seed of a run: SOAK_SEED if set, a random one in a long run, else always the same.
--- Prints it, so that a failure can be reproduced.
---@param what string
---@param long boolean
---@return integer
function M.seed(what, long)
  local seed = tonumber(vim.env.SOAK_SEED) or (long and vim.uv.hrtime() % 1000000) or 1
  io.stdout:write(("%s: SOAK_SEED=%d\n"):format(what, seed))
  io.stdout:flush()
  return seed
end

--- Returns the command lines of the running processes that name a child's folder. Needs /proc;
--- without it the list is empty.
---@param home string
---@return string[]
function M.processes(home)
  local found = {}
  for name in vim.fs.dir("/proc") do
    local file = name:match("^%d+$") and io.open(("/proc/%s/cmdline"):format(name), "rb")
    local line = file and file:read("*a") or ""
    if file then
      file:close()
    end
    if line:find(home, 1, true) and files.is_alive(tonumber(name)) then
      table.insert(found, (line:gsub("%z", " ")))
    end
  end
  return found
end

--- Returns the resident memory of a process in MB.
---@param pid integer
---@return number
function M.memory(pid)
  local text = files.read(("/proc/%d/status"):format(pid))
  return tonumber(text:match("VmRSS:%s*(%d+)")) / 1024
end

--- Expects a row in doc/faults.md; with CHATVIM_REWRITE set, writes it there.
---@param cells string[]
function M.expect_row(cells)
  local path = environment.root .. "/doc/faults.md"
  local row = ("| %s |"):format(table.concat(cells, " | "))
  local lines = vim.fn.readfile(path)
  if not vim.env.CHATVIM_REWRITE then
    MiniTest.expect.equality(vim.tbl_contains(lines, row) or row, true)
    return
  end
  lines = vim.tbl_filter(function(line)
    return not vim.startswith(line, ("| %s |"):format(cells[1]))
  end, lines)
  table.insert(lines, row)
  vim.fn.writefile(lines, path)
end

return M
