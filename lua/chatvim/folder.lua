-- SPDX-License-Identifier: Apache-2.0
-- Reads the names in a folder, within a time: one with very many must not hold the editor up.
local M = {}

local uv = vim.uv

--- Names that are read at once.
local CHUNK = 1000

--- A name in a folder.
---@class chatvim.folder.Name
---@field name string
---@field type string as of |uv.fs_stat()|; "link" or "unknown" where one has to look

--- The names that are wanted of a folder, sorted by bytes; none where it cannot be read.
---@param path string
---@param is_wanted fun(name: string): boolean
---@param milliseconds number
---@return chatvim.folder.Name[] names
---@return boolean whole false where the time did not suffice for all
function M.read(path, is_wanted, milliseconds)
  local names = {}
  local stop = uv.hrtime() + milliseconds * 1e6
  local handle = uv.fs_opendir(path, nil, CHUNK)
  local chunk = handle and uv.fs_readdir(handle)
  while chunk do
    for _, entry in ipairs(chunk) do
      if is_wanted(entry.name) then
        table.insert(names, entry)
      end
    end
    if uv.hrtime() > stop then
      break
    end
    chunk = uv.fs_readdir(handle)
  end
  if handle then
    uv.fs_closedir(handle)
  end
  table.sort(names, function(left, right)
    return left.name < right.name
  end)
  return names, not chunk
end

--- What a name stands for, links followed: "directory", "file" or another type; nothing where
--- nothing is there.
---@param folder string that ends in a slash
---@param entry chatvim.folder.Name
---@return string?
function M.type(folder, entry)
  if entry.type ~= "link" and entry.type ~= "unknown" then
    return entry.type
  end
  local stat = uv.fs_stat(folder .. entry.name)
  return stat and stat.type
end

return M
