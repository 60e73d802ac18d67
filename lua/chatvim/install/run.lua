-- SPDX-License-Identifier: Apache-2.0
-- The complete installation: choose, download or build, report.
local compile = require("chatvim.install.compile")
local download = require("chatvim.install.download")
local locks = require("chatvim.install.lock")
local logs = require("chatvim.install.log")
local progress = require("chatvim.install.progress")
local release = require("chatvim.install.release")

local M = {}

--- Number of lines shown of a failed command; the log has all of them.
local SHOWN_LINES = 10

--- Returns which program the user wants: the release's, one built here, or nil for either.
---@return "source"|"prebuilt"|nil
local function wanted()
  local value, name = vim.g.chatvim_build, "vim.g.chatvim_build"
  if value == nil or value == "" then
    value, name = vim.env.CHATVIM_BUILD, "CHATVIM_BUILD"
  end
  if value == nil or value == "" then
    return nil
  end
  if value ~= "source" and value ~= "prebuilt" then
    local text = 'chatvim: set %s to "source", to "prebuilt" or not at all; it is %s'
    error(text:format(name, vim.inspect(value)), 0)
  end
  return value
end

--- Installs the release's program.
---@param root string
---@param log chatvim.install.Log
---@return string? version nil if the program must be built here
---@return string? reason
local function prebuilt(root, log)
  local program, reason = release.choose(root)
  if not program then
    return nil, reason
  end
  local fetched
  fetched, reason = download.run(root, program, log)
  if not fetched then
    return nil, reason
  end
  -- Remove the older build, which would be found first.
  os.remove(compile.path(root))
  return program.version
end

---@param root string
---@param log chatvim.install.Log
---@return string result
local function install(root, log)
  local choice = wanted()
  local reason
  if choice ~= "source" then
    local version
    version, reason = prebuilt(root, log)
    if version then
      return ("chatvim: the program of release %s is installed"):format(version)
    end
    if choice == "prebuilt" then
      error(("chatvim: %s"):format(reason), 0)
    end
    log:write(reason .. "\n")
    log:clear()
    progress.say(("chatvim: %s; building it instead"):format(reason))
  end
  local failure = compile.run(root, log)
  if failure then
    local text = { "chatvim: " .. failure }
    vim.list_extend(text, log:last(SHOWN_LINES))
    if reason then
      table.insert(text, "It had to be built because " .. reason)
    end
    if log.path then
      table.insert(text, "The log is " .. log.path)
    end
    error(table.concat(text, "\n"), 0)
  end
  vim.fn.delete(root .. "/build/prebuilt", "rf")
  return "chatvim: the program is built"
end

--- Installs the program for the plugin in the folder `root`. Raises an error that explains what to
--- do.
---@param root string
function M.run(root)
  local release_lock = locks.take(root)
  local log = logs.open()
  local ok, result = pcall(install, root, log)
  log:close()
  release_lock()
  if not ok then
    error(result, 0)
  end
  progress.say(result)
end

return M
