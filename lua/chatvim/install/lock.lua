-- SPDX-License-Identifier: Apache-2.0
-- Allows only one installation at a time in a plugin's folder. The lock is the file
-- build/install.lock, which holds the process id of the installer.
local callers = require("chatvim.install.caller")
local files = require("chatvim.install.file")
local folders = require("chatvim.install.folder")
local progress = require("chatvim.install.progress")
local stop = require("chatvim.install.stop")

local M = {}

--- Milliseconds between checks of a lock held by another process.
local INTERVAL = 200
--- Seconds within which a new lock must contain its process id.
local EMPTY_LIMIT = 10

--- Key in `package.loaded` for the locks held by this Neovim. Each build.lua reloads these modules,
--- so the table must be kept outside them.
local HELD = "chatvim.install locks"
local held = package.loaded[HELD] or {}
package.loaded[HELD] = held

--- Whether the process that made a lock is gone.
---@param path string
---@param text string what the lock holds
---@return boolean
local function is_stale(path, text)
  local pid = tonumber(text)
  if not pid then
    local stat = vim.uv.fs_stat(path)
    return stat ~= nil and os.time() - stat.mtime.sec > EMPTY_LIMIT
  elseif pid == vim.uv.os_getpid() then
    -- In a container an earlier Neovim may have had the same process id.
    return not held[path]
  end
  local _, _, code = vim.uv.kill(pid, 0)
  return code == "ESRCH"
end

--- Removes a stale lock, unless another process has already replaced it with its own.
---@param path string
---@param text string what the stale lock holds
local function remove_stale(path, text)
  local aside = ("%s-%d"):format(path, vim.uv.os_getpid())
  if vim.uv.fs_rename(path, aside) then
    if files.read(aside) ~= text then
      vim.uv.fs_link(aside, path)
    end
    os.remove(aside)
  end
end

--- Creates the lock, or removes a stale one.
---@param root string
---@param path string
---@return boolean made
local function try(root, path)
  local file, err, code = vim.uv.fs_open(path, "wx", tonumber("644", 8))
  if file then
    local written
    written, err = vim.uv.fs_write(file, tostring(vim.uv.os_getpid()))
    vim.uv.fs_close(file)
    if written then
      return true
    end
    os.remove(path)
  elseif code == "EEXIST" then
    local text = files.read(path)
    if text and is_stale(path, text) then
      remove_stale(path, text)
    end
    return false
  end
  error(folders.refusal(root, vim.fs.dirname(path), err --[[@as string]]), 0)
end

--- Waits until the lock has been created.
---@param root string
---@param path string
local function wait_for(root, path)
  if held[path] and callers.kind() == "plain" then
    -- Waiting here would block the other installation, which runs in this Neovim too.
    error("chatvim: wait for the installation that is already running in this Neovim", 0)
  end
  local text = "chatvim: waiting for another installation (process %s, build/install.lock)"
  progress.step(text:format((files.read(path) or ""):match("^%d+") or "?"))
  local wait, notify = callers.waiter()
  local timer = assert(vim.uv.new_timer())
  timer:start(INTERVAL, INTERVAL, notify)
  local stopped = false
  local undo = stop.on_stop(function()
    stopped = true
    notify()
  end)
  local ok, made, err
  ok, err = pcall(wait, function()
    local tried
    tried, made = pcall(try, root, path)
    return stopped or not tried or made
  end)
  undo()
  timer:close()
  if ok and made == true then
    return
  end
  error(not ok and err or made or "chatvim: the installation was stopped", 0)
end

--- Takes the lock; waits while another process holds it. Raises an error if it cannot be created.
---@param root string the plugin's folder
---@return fun() release
function M.take(root)
  folders.prepare(root)
  local path = root .. "/build/install.lock"
  if not try(root, path) and not try(root, path) then
    wait_for(root, path)
  end
  held[path] = true
  local function remove()
    if files.read(path) == tostring(vim.uv.os_getpid()) then
      os.remove(path)
    end
  end
  local undo = stop.on_exit(remove)
  return function()
    undo()
    remove()
    held[path] = nil
  end
end

return M
