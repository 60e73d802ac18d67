-- SPDX-License-Identifier: Apache-2.0
-- Builds the program from its sources, with CMake.
local again = require("chatvim.install.again")
local files = require("chatvim.install.file")
local packages = require("chatvim.install.packages")
local progress = require("chatvim.install.progress")
local task = require("chatvim.install.task")

local M = {}

--- Returns the path of the built program.
---@param root string
---@return string
function M.path(root)
  return root .. "/build/release/chatvim"
end

--- Patterns for CMake's messages about missing parts; `text` describes what the pattern captured.
---@type { pattern: string, text: string }[]
local MISSING = {
  { pattern = 'provided by "([^"]+)"', text = "CMake found no %s" },
  { pattern = "Could NOT find ([%w_-]+)", text = "CMake found no usable %s" },
  {
    pattern = "required packages? were not found:%s*%-%s*([^%s]+)",
    text = "pkg-config found no %s",
  },
  { pattern = "No package '([^']+)' found", text = "pkg-config found no %s" },
  -- Must come before the compiler, which CMake also reports if the build program is missing.
  { pattern = "(CMAKE_MAKE_PROGRAM)", text = "CMake found neither ninja nor make" },
  { pattern = "(CMAKE_CXX_COMPILER)", text = "CMake found no working C++ compiler" },
  { pattern = "CMake ([%d%.]+) or higher is required", text = "CMake %s or later is needed" },
}

--- The compiler's message about a missing header.
local HEADER = "fatal error: '?([^%s:']+)'?:? [Nf]"

--- Messages of the system, the compiler and make, up to the end of the line, that a compiler was
--- killed.
local KILLED = {
  "\nKilled%s",
  "\n[^\n]*: line %d+: +%d+ Killed%s",
  "Killed signal terminated program",
  "internal compiler error: Killed",
  ": Killed *\n",
  "%] Killed *\n",
}

--- Whether a compiler was killed, which the system does when memory runs low.
---@param output string
---@return boolean
local function is_killed(output)
  local lines = "\n" .. output:gsub("\r", "") .. "\n"
  for _, pattern in ipairs(KILLED) do
    if lines:find(pattern) then
      return true
    end
  end
  return false
end

---@param output string
---@return string?
local function missing(output)
  for _, entry in ipairs(MISSING) do
    local name = output:match(entry.pattern)
    if name then
      return entry.text:format(name)
    end
  end
end

---@param root string
---@param what string
---@return string
local function with_packages(root, what)
  local text = "install what the build needs, then run %s:\n  %s\n%s"
  return text:format(again.command(root), packages.advice(root), what)
end

---@param root string
---@param command string[]
---@param ended chatvim.install.Ended
---@return string
local function ending(root, command, ended)
  local line = table.concat(command, " ")
  if ended.signal ~= 0 or is_killed(ended.output) then
    local text = "run %s again, with CMAKE_BUILD_PARALLEL_LEVEL=1 if memory was short; `%s` %s"
    local how = ended.signal ~= 0 and ("was killed by signal %d"):format(ended.signal)
      or "had a compiler killed"
    return text:format(again.command(root), line, how)
  end
  local text = "correct what is reported below, then run %s; `%s` %s"
  return text:format(
    again.command(root),
    line,
    ended.err or ("failed with code %d"):format(ended.code)
  )
end

--- Removes the CMake cache if the folder was moved or copied: CMake refuses to configure it again.
---@param root string
local function forget_other_folder(root)
  local cache = root .. "/build/release/CMakeCache.txt"
  local home = (files.read(cache) or ""):match("CMAKE_HOME_DIRECTORY:INTERNAL=([^\n]*)")
  if home and vim.uv.fs_realpath(home) ~= vim.uv.fs_realpath(root) then
    os.remove(cache)
    vim.fn.delete(root .. "/build/release/CMakeFiles", "rf")
  end
end

---@param root string
---@param log chatvim.install.Log
---@return string? failure
local function configure(root, log)
  if vim.fn.executable("cmake") == 0 then
    return with_packages(root, "CMake is not installed")
  end
  forget_other_folder(root)
  local env = {}
  local is_new = not vim.uv.fs_stat(root .. "/build/release/CMakeCache.txt")
  if is_new and vim.fn.executable("ninja") == 1 then
    env.CMAKE_GENERATOR = vim.env.CMAKE_GENERATOR or "Ninja"
  end
  progress.step("chatvim: looking for the compiler and the libraries")
  local command = { "cmake", "--preset", "release" }
  local ended = task.run(command, log, { cwd = root, env = env })
  if ended.ok then
    return nil
  end
  local what = ended.signal == 0 and not ended.err and missing(ended.output)
  return what and with_packages(root, what) or ending(root, command, ended)
end

---@param root string
---@param log chatvim.install.Log
---@return string? failure
local function build(root, log)
  local command = { "cmake", "--build", "build/release", "--target", "chatvim", "--parallel" }
  local jobs = vim.env.CMAKE_BUILD_PARALLEL_LEVEL or ""
  table.insert(command, jobs:match("^%d+$") or tostring(vim.uv.available_parallelism()))
  local ended = task.run(command, log, { cwd = root, on_line = progress.builder() })
  if ended.ok then
    if vim.fn.executable(M.path(root)) == 1 then
      return nil
    end
    return "the build made no program " .. M.path(root)
  end
  local header = ended.output:match(HEADER)
  if header then
    return with_packages(root, "The compiler found no " .. header)
  end
  return ending(root, command, ended)
end

--- Builds the program; if it was built before, only what has changed.
---@param root string
---@param log chatvim.install.Log
---@return string? failure what failed and what to do
function M.run(root, log)
  return configure(root, log) or build(root, log)
end

return M
