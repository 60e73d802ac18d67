-- SPDX-License-Identifier: Apache-2.0
-- The buffer of a file that is to be changed. It is loaded without a window, and dropped again if
-- nothing is proposed for it.
local M = {}

local api = vim.api
local uv = vim.uv

--- Limit of a file that is opened for this, in bytes.
local MOST = 32 * 1024 * 1024

--- A file's buffer.
---@class chatvim.ApplyFile
---@field buf integer
---@field existed boolean the buffer existed before
---@field was_loaded boolean
---@field is_new boolean there is no such file

--- Returns why what stands at a path cannot be changed, or nil.
---@param stat? uv.fs_stat.result
---@return string?
local function unfit(stat)
  if not stat then
    return
  elseif stat.type == "directory" then
    return "this is a folder"
  elseif stat.type ~= "file" then
    return "this is not an ordinary file"
  elseif stat.size > MOST then
    return ("the file has more than %d MiB"):format(MOST / 1024 / 1024)
  end
end

--- Returns why no change can be proposed in a loaded buffer, or nil.
---@param buf integer
---@return string?
local function refusal(buf)
  local option = vim.bo[buf]
  if option.buftype ~= "" then
    return ("it is open as a %s buffer"):format(option.buftype)
  elseif not option.modifiable then
    return "'modifiable' is off in its buffer"
  end
  local line_error = require("chatvim.command.excerpt").line_error
  for _, line in ipairs(api.nvim_buf_get_lines(buf, 0, -1, true)) do
    local wrong = line_error(line)
    if wrong then
      return ("this is not a text file: a line %s"):format(wrong)
    end
  end
  return require("chatvim.review").refusal(buf)
end

--- Drops a buffer that was opened in vain.
---@param file chatvim.ApplyFile
function M.drop(file)
  local buf = file.buf
  if file.was_loaded or not api.nvim_buf_is_valid(buf) or vim.bo[buf].modified then
    return
  end
  if #vim.fn.win_findbuf(buf) == 0 then
    api.nvim_buf_delete(buf, { unload = file.existed })
  end
end

--- Opens a file, or returns why it cannot be changed.
---@param path string absolute
---@param chat integer
---@return chatvim.ApplyFile? file also with an error, if it can be shown because it has a review
---@return string? err
function M.open(path, chat)
  local stat = uv.fs_stat(path)
  local err = unfit(stat)
  if err then
    return nil, err
  end
  local existed = vim.fn.bufexists(path) == 1
  local buf = vim.fn.bufadd(path)
  if buf == chat then
    return nil, "this is the chat itself"
  end
  local file = {
    buf = buf,
    existed = existed,
    was_loaded = api.nvim_buf_is_loaded(buf),
    is_new = stat == nil,
  }
  err = not file.was_loaded and require("chatvim.command.reading").load(buf) or refusal(buf)
  if err then
    M.drop(file)
  end
  local is_usable = not err or require("chatvim.review").of(buf)
  return is_usable and file or nil, err
end

return M
