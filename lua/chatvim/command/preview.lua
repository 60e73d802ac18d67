-- SPDX-License-Identifier: Apache-2.0
-- The beginnings of files in scratch buffers, for a picker that shows what it offers.
local M = {}

local api = vim.api

--- As much of a file as is read, in bytes.
local LIMIT = 64 * 1024

--- The previews of one list. Owned by whoever shows the list.
---@class chatvim.Previews
---@field bufs table<string, integer> by path
local Previews = {}
Previews.__index = Previews

--- An empty set of previews.
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
  -- Not by the file type: its autocommands and plugins are for buffers that people work in.
  if not pcall(vim.treesitter.start, buf, "markdown") then
    vim.bo[buf].syntax = "markdown"
  end
  return buf
end

--- The lines of a file's beginning.
---@param path string
---@return string[]?
local function beginning(path)
  -- Only of a regular file: another kind may never end, or never begin.
  local stat = vim.uv.fs_stat(path)
  local file = stat and stat.type == "file" and io.open(path, "rb")
  if not file then
    return
  end
  local text = file:read(LIMIT) or ""
  file:close()
  return vim.split((text:gsub("\r\n", "\n"):gsub("\n$", "")), "\n", { plain = true })
end

--- The beginning of a file in a buffer, as `vim.ui.select()` wants it; none where the file is gone.
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

--- Wipes the buffers that no window has wiped by closing.
function Previews:wipe()
  for _, buf in pairs(self.bufs) do
    if api.nvim_buf_is_valid(buf) then
      pcall(api.nvim_buf_delete, buf, { force = true })
    end
  end
  self.bufs = {}
end

return M
