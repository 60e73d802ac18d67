-- SPDX-License-Identifier: Apache-2.0
-- Moves the file of a chat with what belongs to it: its buffer, its undo file, and the journal of
-- an answer that was cut off.
local M = {}

local api = vim.api
local recover = require("chatvim.chat.recover")
local state = require("chatvim.chat.state")
local uv = vim.uv

--- The folder for deleted chats, in the chat's own. :ChatvimChats does not look into it.
local TRASH = ".trash"

--- Returns the loaded buffer of a file, or nil.
---@param path string
---@return integer?
function M.buffer(path)
  local real = uv.fs_realpath(path)
  for _, buf in ipairs(api.nvim_list_bufs()) do
    local name = api.nvim_buf_is_loaded(buf) and api.nvim_buf_get_name(buf) or ""
    if name ~= "" and (name == path or (real and uv.fs_realpath(name) == real)) then
      return buf
    end
  end
end

---@param from string
---@param to string
local function move_if_there(from, to)
  if from ~= "" and to ~= "" and uv.fs_stat(from) and not uv.fs_stat(to) then
    uv.fs_rename(from, to)
  end
end

--- Whether the program writes or keeps a journal for a buffer, which it then moves itself.
---@param buf integer?
---@return boolean
local function has_journal(buf)
  local chat = buf and state.find(buf)
  return chat ~= nil and (chat.answer ~= nil or chat.unsaved ~= nil)
end

--- Moves a file, its undo file and its journal. The target must not exist.
---@param path string
---@param new string
---@param buf? integer its loaded buffer
---@return string? err
local function move(path, new, buf)
  local journal = recover.path_of(path)
  local ok, err = uv.fs_rename(path, new)
  if not ok then
    return err
  end
  move_if_there(vim.fn.undofile(path), vim.fn.undofile(new))
  if not has_journal(buf) then
    move_if_there(journal, recover.path_of(new))
  end
end

--- Makes Neovim take a file for the buffer's own. Otherwise `:write` would ask for a "!" after the
--- buffer has got the file's name. Nothing is written: the buffer may have text that is not saved,
--- and the file may have changed since it was read.
---@param buf integer
local function own_file(buf)
  local id = api.nvim_create_autocmd("BufWriteCmd", {
    buffer = buf,
    desc = "Chatvim: write nothing",
    callback = function() end,
  })
  api.nvim_buf_call(buf, function()
    vim.cmd("silent! lockmarks keepalt write!")
  end)
  api.nvim_del_autocmd(id)
end

--- Gives a buffer its file's new name. Removes the buffer that Neovim creates for the old one.
---@param buf integer
---@param new string
local function rename_buffer(buf, new)
  local old = api.nvim_buf_get_name(buf)
  vim.cmd(("keepalt call nvim_buf_set_name(%d, %s)"):format(buf, vim.fn.string(new)))
  own_file(buf)
  for _, left in ipairs(api.nvim_list_bufs()) do
    if api.nvim_buf_get_name(left) == old and not api.nvim_buf_is_loaded(left) then
      api.nvim_buf_delete(left, { force = true })
    end
  end
end

--- Renames a chat's file within its folder, and its buffer if it is loaded.
---@param path string
---@param name string
---@return string? err
function M.rename(path, name)
  if name:find("[/%z\n]") then
    return "a name holds no slash and no line break; nothing was renamed"
  end
  name = name:find("%.md$") and name or name .. ".md"
  local new = vim.fs.joinpath(vim.fs.dirname(path), name)
  if uv.fs_lstat(new) then
    return ("there is a file %s already; nothing was renamed"):format(name)
  elseif vim.fn.bufloaded(new) == 1 then
    return ("there is a buffer %s already; nothing was renamed"):format(name)
  end
  local buf = M.buffer(path)
  local err = move(path, new, buf)
  if err then
    return ("nothing was renamed: %s"):format(err)
  elseif buf then
    rename_buffer(buf, new)
  end
end

--- Returns a path in a folder that no file has.
---@param folder string
---@param name string
---@return string
local function free_path(folder, name)
  local path, number = vim.fs.joinpath(folder, name), 1
  local stem, ending = name:match("^(.*)(%.%w+)$")
  while uv.fs_lstat(path) do
    number = number + 1
    local next_name = ("%s-%d%s"):format(stem or name, number, ending or "")
    path = vim.fs.joinpath(folder, next_name)
  end
  return path
end

--- Moves a chat's file to the trash folder and removes its buffer, unless that has unsaved text.
---@param path string
---@return string? where the file's new path
---@return string? err
function M.trash(path)
  local buf = M.buffer(path)
  if buf and (vim.bo[buf].modified or require("chatvim.chat.running").is_running(buf)) then
    return nil, "`:write` it first: it is open, and its text is not saved; nothing was deleted"
  end
  local folder = vim.fs.joinpath(vim.fs.dirname(path), TRASH)
  local ok, err = uv.fs_mkdir(folder, 448) -- 0700
  if not ok and not uv.fs_stat(folder) then
    return nil, ("nothing was deleted: %s"):format(err)
  end
  local new = free_path(folder, vim.fs.basename(path))
  err = move(path, new, buf)
  if err then
    return nil, ("nothing was deleted: %s"):format(err)
  elseif buf then
    api.nvim_buf_delete(buf, {})
  end
  return new
end

return M
