-- SPDX-License-Identifier: Apache-2.0
-- Reports changes to files by watching their folders: a file may be replaced by renaming another,
-- and a missing file may be created.
local M = {}

local uv = vim.uv

--- Limit of folders watched at once, because the system has a limit for all programs.
local MOST = 16

--- A set of watched files. The creator owns it and must close it.
---@class chatvim.FileWatch
---@field on_change fun()
---@field folders table<string, { event: uv.uv_fs_event_t, names: table<string, true>|false }>
local FileWatch = {}
FileWatch.__index = FileWatch

--- Creates a watch without files, which `set` adds.
---@param on_change fun() called in the main loop; may be called often
---@return chatvim.FileWatch
function M.new(on_change)
  return setmetatable({ on_change = vim.schedule_wrap(on_change), folders = {} }, FileWatch)
end

--- Returns the folders to watch, each with the relevant names in it; false means all names.
---@param paths string[]
---@return table<string, table<string, true>|false>
local function group_by_folder(paths)
  local wanted, count = {}, 0
  local function add(folder, name)
    if wanted[folder] == nil then
      if count == MOST then
        return
      end
      count = count + 1
      wanted[folder] = {}
    end
    if not name then
      wanted[folder] = false
    elseif wanted[folder] then
      wanted[folder][name] = true
    end
  end
  for _, path in ipairs(paths) do
    local stat = uv.fs_stat(path)
    if stat and stat.type == "directory" then
      add(path)
    else
      add(vim.fs.dirname(path), vim.fs.basename(path))
    end
  end
  return wanted
end

--- Replaces the watched files. A folder is watched without its subfolders.
---@param paths string[]
function FileWatch:set(paths)
  local wanted = group_by_folder(paths)
  for folder, watched in pairs(self.folders) do
    if not wanted[folder] then
      watched.event:close()
      self.folders[folder] = nil
    end
  end
  for folder, names in pairs(wanted) do
    local watched = self.folders[folder]
    if watched then
      watched.names = names
    else
      self:_start(folder, names)
    end
  end
end

--- Stops watching.
function FileWatch:close()
  self:set({})
end

--- Watches one folder.
---@private
---@param folder string
---@param names table<string, true>|false
function FileWatch:_start(folder, names)
  local event = uv.new_fs_event()
  if not event then
    return
  end
  local watched = { event = event, names = names }
  local started = event:start(folder, {}, function(err, name)
    if not err and (not watched.names or not name or watched.names[name]) then
      self.on_change()
    end
  end)
  -- If the folder is missing or cannot be watched, the other triggers for a refresh must do.
  if started then
    self.folders[folder] = watched
  else
    event:close()
  end
end

return M
