-- SPDX-License-Identifier: Apache-2.0
-- Loads buffers, and tells whether Neovim has read their files. Within `pcall()` an error, such as
-- that of an autocommand or that there is a swap file, ends the reading and leaves a buffer that
-- looks like an empty file.
local M = {}

local api = vim.api
local uv = vim.uv

--- How much of a file is looked at, in bytes.
local START = 64

--- Whether a file begins with more than line breaks and a byte order mark, in any encoding.
---@param path string
---@return boolean
local function has_text(path)
  local file = uv.fs_open(path, "r", 0)
  local start = file and uv.fs_read(file, START, 0) or ""
  if file then
    uv.fs_close(file)
  end
  return start:find("[^\r\n%z\254\255\239\187\191]") ~= nil
end

--- Whether a buffer is empty though its file has text, and nobody has edited it.
---@param buf integer a loaded one
---@return boolean
function M.is_missing(buf)
  local lines = api.nvim_buf_get_lines(buf, 0, 2, false)
  if #lines > 1 or lines[1] ~= "" or vim.bo[buf].modified or vim.bo[buf].buftype ~= "" then
    return false
  end
  local path = api.nvim_buf_get_name(buf)
  local stat = uv.fs_stat(path)
  return stat ~= nil and stat.type == "file" and has_text(path)
end

--- Runs a command to its end, whatever errors it meets on the way. Neovim does not ask about swap
--- files meanwhile.
---@param command string
---@return string err the last error, or ""
local function run(command)
  local before, errmsg = vim.o.shortmess, vim.v.errmsg
  vim.o.shortmess = before .. "A"
  vim.v.errmsg = ""
  local ok, thrown = pcall(vim.cmd, "silent! " .. command)
  local err = ok and vim.v.errmsg or tostring(thrown)
  vim.o.shortmess = before
  vim.v.errmsg = errmsg
  return (err:match("^[^\n]*"):gsub("^.-Vim[^:]*:", ""))
end

--- Whether another Neovim, perhaps one that was killed, has a swap file for a loaded buffer's file.
--- It has another ending than the buffer's own one.
---@param buf integer
---@return boolean
function M.has_other_swap(buf)
  local own = vim.fn.swapname(buf)
  local path = uv.fs_realpath(api.nvim_buf_get_name(buf))
  if own == "" or not path then
    return false
  end
  own = vim.fn.fnamemodify(own, ":p")
  local folder, stem = vim.fs.dirname(own), vim.fs.basename(own):gsub("%a+$", "")
  for name in vim.fs.dir(folder) do
    -- The endings are swp, swo, … swa, svz, and so on.
    local is_swap = vim.startswith(name, stem) and name:find("^s%l%l$", #stem + 1)
    local swap = folder .. "/" .. name
    local info = is_swap and swap ~= own and vim.fn.swapinfo(swap) or {}
    if info.fname and uv.fs_realpath(vim.fn.fnamemodify(info.fname, ":p")) == path then
      return true
    end
  end
  return false
end

--- Loads a buffer without a window. Nothing is asked.
---@param buf integer one that is not loaded
---@return string? err in which case it may be loaded, but must not be used
function M.load(buf)
  local err = run(("call bufload(%d)"):format(buf))
  if not api.nvim_buf_is_loaded(buf) or M.is_missing(buf) then
    return err ~= "" and err or "it cannot be read"
  elseif M.has_other_swap(buf) then
    return "it has a swap file: `:edit` it first, then apply again"
  end
end

--- Reads the file of the current buffer again if the reading was ended. 'readonly' stays: the user
--- may have chosen it when they were asked about a swap file.
---@return string? err
function M.complete()
  local buf = api.nvim_get_current_buf()
  if not M.is_missing(buf) then
    return
  end
  local readonly = vim.bo[buf].readonly
  local err = run("edit")
  if api.nvim_buf_is_valid(buf) then
    vim.bo[buf].readonly = readonly or vim.bo[buf].readonly
    return M.is_missing(buf) and (err ~= "" and err or "the file cannot be read") or nil
  end
end

return M
