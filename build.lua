-- SPDX-License-Identifier: Apache-2.0
-- Builds the program after an installation or update. lazy.nvim runs this file in a coroutine and
-- shows what is yielded; elsewhere `:luafile build.lua` does the same and waits.
local root = vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p:h")
local log_path = vim.fs.joinpath(vim.fn.stdpath("log") --[[@as string]], "chatvim-build.log")

local STEPS = {
  { "cmake", "--preset", "release" },
  { "cmake", "--build", "build/release", "--target", "chatvim", "--parallel" },
}

--- True in a coroutine, false where nobody would resume a yield. (Lua 5.2's answer has a second
--- value, which LuaJIT may be built to give.)
---@return boolean
local function is_async()
  local thread, is_main = coroutine.running()
  return thread ~= nil and not is_main
end

---@param message string
local function say(message)
  if is_async() then
    coroutine.yield(message)
  else
    print(message)
  end
end

--- Runs a step to its end, showing its output line by line.
---@param command string[]
---@param log file*
---@return boolean ok
local function run(command, log)
  local result
  local pending = {}
  local function collect(_, data)
    if data then
      log:write(data)
      table.insert(pending, data)
    end
  end
  local options = { cwd = root, stdout = collect, stderr = collect }
  local started, err = pcall(vim.system, command, options, function(completed)
    result = completed
  end)
  if not started then
    error(
      ("chatvim: %s does not start (%s); CMake 3.22 or later is needed"):format(command[1], err)
    )
  end
  while not result do
    -- A short wait: a bare yield comes back at once and would take a processor from the compiler.
    vim.wait(20, function()
      return result ~= nil
    end)
    local output = table.concat(pending)
    pending = {}
    local last = output:match("([^\r\n]+)[\r\n]*$")
    if last then
      say(last)
    elseif is_async() then
      coroutine.yield()
    end
  end
  return result.code == 0
end

vim.fn.mkdir(vim.fn.stdpath("log") --[[@as string]], "p")
local log = assert(io.open(log_path, "w"))
for _, command in ipairs(STEPS) do
  local line = table.concat(command, " ")
  say(line)
  log:write("$ " .. line .. "\n")
  local called, ok = pcall(run, command, log)
  if not called or not ok then
    log:close()
    local what = called and ("`%s` failed"):format(line) or tostring(ok)
    error(
      ("chatvim: %s; the log is %s. `make build` in %s installs what is missing, too"):format(
        what,
        log_path,
        root
      ),
      0
    )
  end
end
log:close()
say("chatvim is built")
