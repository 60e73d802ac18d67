-- SPDX-License-Identifier: Apache-2.0
-- The log of an installation: a file with all that the commands print.
local M = {}

---@class chatvim.install.Log the log file of a build, and the end of it
---@field path? string nil if there is no file
---@field private _file? file*
---@field private _lines string[] of the command that ran last
local Log = {}
Log.__index = Log

--- Lines that are kept of a command.
local KEPT_LINES = 200

--- Opens the log of a new installation.
---@return chatvim.install.Log
function M.open()
  local folder = vim.fn.stdpath("log") --[[@as string]]
  local path = vim.fs.joinpath(folder, "chatvim-build.log")
  -- The installation does not need the file: without it, go on.
  local file = pcall(vim.fn.mkdir, folder, "p") and io.open(path, "w") or nil
  return setmetatable({ path = file and path, _file = file, _lines = {} }, Log)
end

--- A log without a file.
---@return chatvim.install.Log
function M.none()
  return setmetatable({ _lines = {} }, Log)
end

--- Begins with another command.
---@param command string[]
function Log:begin(command)
  self:clear()
  if self._file then
    self._file:write("$ " .. table.concat(command, " ") .. "\n")
  end
end

--- Forgets the lines of the last command; the file keeps them.
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

--- The last lines of the command that ran last, without those that are empty or only count files.
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
