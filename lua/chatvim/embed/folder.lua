-- SPDX-License-Identifier: Apache-2.0
-- Reads the names in a folder within a time limit, so that a huge folder does not block Neovim.
local M = {}

local uv = vim.uv

--- How many names are read at once.
local CHUNK = 1000

--- A name in a folder.
---@class chatvim.folder.Name
---@field name string
---@field type string as of |uv.fs_stat()|; "link" or "unknown" need another look

--- Keeps the first of many names without sorting them all, which would take longer than reading
--- them.
---@param most number
---@return { add: fun(entry: chatvim.folder.Name), take: fun(): chatvim.folder.Name[] }
local function keep_first(most)
  local names, types = {}, {}
  local last -- The last name that is needed, once there are enough.
  local function cut()
    table.sort(names)
    for index = #names, most + 1, -1 do
      types[names[index]] = nil
      names[index] = nil
    end
    last = names[most]
  end
  local function add(entry)
    local name = entry.name
    if last and name > last then
      return
    end
    names[#names + 1] = name
    types[name] = entry.type
    if #names >= 2 * most then
      cut()
    end
  end
  local function take()
    cut()
    return vim.tbl_map(function(name)
      return { name = name, type = types[name] }
    end, names)
  end
  return { add = add, take = take }
end

--- Returns the first wanted names in a folder, sorted by byte; empty if it cannot be read.
---@param path string
---@param is_wanted fun(name: string): boolean
---@param milliseconds number
---@param most? integer
---@return chatvim.folder.Name[] names
---@return boolean whole false if the time ran out
function M.read(path, is_wanted, milliseconds, most)
  local stop = uv.hrtime() + milliseconds * 1e6
  local first = keep_first(most or math.huge)
  local handle = uv.fs_opendir(path, nil, CHUNK)
  local chunk = handle and uv.fs_readdir(handle)
  while chunk do
    for _, entry in ipairs(chunk) do
      if is_wanted(entry.name) then
        first.add(entry)
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
  return first.take(), not chunk
end

--- Returns the type of a name, following links: "directory", "file" or another type; nil if it does
--- not exist.
---@param folder string with a trailing slash
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
