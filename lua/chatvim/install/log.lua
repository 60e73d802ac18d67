-- SPDX-License-Identifier: Apache-2.0
-- The log of an installation: a file with the complete output of its commands.
local M = {}

---@class chatvim.install.Log the log file of a build, and its last lines
---@field path? string nil if the log has no file
---@field private _file? file*
---@field private _lines string[] of the most recent command
local Log = {}
Log.__index = Log

--- Number of lines kept of a command's output.
local KEPT_LINES = 200

--- Opens the log of a new installation.
---@return chatvim.install.Log
function M.open()
  local folder = vim.fn.stdpath("log") --[[@as string]]
  local path = vim.fs.joinpath(folder, "chatvim-build.log")
  -- The installation continues without a file if it cannot be created.
  local file = pcall(vim.fn.mkdir, folder, "p") and io.open(path, "w") or nil
  return setmetatable({ path = file and path, _file = file, _lines = {} }, Log)
end

--- Returns a log without a file.
---@return chatvim.install.Log
function M.none()
  return setmetatable({ _lines = {} }, Log)
end

--- Starts the log of another command.
---@param command string[]
function Log:begin(command)
  self:clear()
  if self._file then
    self._file:write("$ " .. table.concat(command, " ") .. "\n")
  end
end

--- Drops the lines kept of the last command; they stay in the file.
function Log:clear()
  self._lines = {}
end

--- Adds output of the command that runs.
---@param text string
function Log:write(text)
  if self._file then
    self._file:write(text)
    self._file:flush()
  end
  local last = table.remove(self._lines) or ""
  vim.list_extend(self._lines, vim.split(last .. text, "[\r\n]+"))
  if #self._lines > 2 * KEPT_LINES then
    self._lines = vim.list_slice(self._lines, #self._lines - KEPT_LINES)
  end
end

--- Returns the last lines of the most recent command, without empty lines and lines that only count
--- files.
---@param count integer
---@return string[]
function Log:last(count)
  local lines = vim.tbl_filter(function(line)
    return line:find("%S") ~= nil and not line:find("^%[[%d/ %%]+%]")
  end, self._lines)
  return vim.list_slice(lines, math.max(1, #lines - count + 1))
end

--- Closes the file.
function Log:close()
  if self._file then
    self._file:close()
  end
end

return M
