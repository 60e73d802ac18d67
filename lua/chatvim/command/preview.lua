-- SPDX-License-Identifier: Apache-2.0
-- Previews of files for pickers: the beginning of each file in a scratch buffer.
local M = {}

local api = vim.api

--- How much of a file is read, in bytes.
local LIMIT = 64 * 1024

--- The previews of one list, owned by the code that shows it.
---@class chatvim.Previews
---@field bufs table<string, integer> by path
local Previews = {}
Previews.__index = Previews

--- Creates an empty set of previews.
---@return chatvim.Previews
function M.new()
  return setmetatable({ bufs = {} }, Previews)
end

---@param lines string[]
---@return integer
local function buffer(lines)
  local buf = api.nvim_create_buf(false, true)
  api.nvim_buf_set_lines(buf, 0, -1, true, lines)
  vim.bo[buf].bufhidden = "wipe"
  -- Do not set the file type, whose autocommands and plugins are for buffers that the user edits.
  if not pcall(vim.treesitter.start, buf, "markdown") then
    vim.bo[buf].syntax = "markdown"
  end
  return buf
end

--- Reads the first lines of a file; returns nil if it is not a regular file.
---@param path string
---@return string[]?
local function beginning(path)
  -- Reading another kind of file may never end, or block.
  local stat = vim.uv.fs_stat(path)
  local file = stat and stat.type == "file" and io.open(path, "rb")
  if not file then
    return
  end
  local text = file:read(LIMIT) or ""
  file:close()
  return vim.split((text:gsub("\r\n", "\n"):gsub("\n$", "")), "\n", { plain = true })
end

--- Returns the preview of a file in the form that `vim.ui.select()` expects; empty if the file is
--- gone.
---@param path string
---@param line integer the line to show, from 1
---@return { buf?: integer, pos?: [integer, integer] }
function Previews:show(path, line)
  local buf = self.bufs[path]
  if not buf or not api.nvim_buf_is_valid(buf) then
    local lines = beginning(path)
    if not lines then
      return {}
    end
    buf = buffer(lines)
    self.bufs[path] = buf
  end
  return { buf = buf, pos = { math.min(line, api.nvim_buf_line_count(buf)), 0 } }
end

--- Wipes the buffers that were not wiped when their window closed.
function Previews:wipe()
  for _, buf in pairs(self.bufs) do
    if api.nvim_buf_is_valid(buf) then
      pcall(api.nvim_buf_delete, buf, { force = true })
    end
  end
  self.bufs = {}
end

return M
