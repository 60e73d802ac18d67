-- SPDX-License-Identifier: Apache-2.0
-- Records the state of buffers' files when Neovim last read or wrote them, to detect whether a file
-- has changed since.
local M = {}

local api = vim.api
local state = require("chatvim.chat.state")
local uv = vim.uv

--- Larger files are not compared with their buffer, in bytes.
local MOST = 64 * 1024 * 1024

--- A file as it was when Neovim last read or wrote it.
---@class chatvim.Disk.File
---@field name string
---@field seconds? integer nil if there was no file
---@field nanoseconds? integer
---@field size? integer
---@field inode? integer

---@param left chatvim.Disk.File
---@param right chatvim.Disk.File
---@return boolean
local function is_same(left, right)
  return left.seconds == right.seconds
    and left.nanoseconds == right.nanoseconds
    and left.size == right.size
end

--- Returns the recorded state for a buffer that has a new name; false if a file of that name
--- already exists.
---@param before? chatvim.Disk.File|false
---@param file chatvim.Disk.File
---@return chatvim.Disk.File|false
local function renamed(before, file)
  if before and before.name == file.name then
    return before
  end
  -- The file may have been renamed too.
  local moved = before and before.inode == file.inode and is_same(before, file)
  return (moved or not file.size) and file
end

--- Whether the whole buffer was written to its own file.
---@param event vim.api.keyset.create_autocmd.callback_args
---@return boolean
local function is_all(event)
  local name = api.nvim_buf_get_name(event.buf)
  local real = uv.fs_realpath(name)
  return not vim.bo[event.buf].modified and real ~= nil and real == uv.fs_realpath(event.match)
end

---@param buf integer
---@return chatvim.Disk.File
local function read_file_state(buf)
  local name = api.nvim_buf_get_name(buf)
  local stat = uv.fs_stat(name)
  if not stat then
    return { name = name }
  end
  return {
    name = name,
    seconds = stat.mtime.sec,
    nanoseconds = stat.mtime.nsec,
    size = stat.size,
    inode = stat.ino,
  }
end

---@param chat chatvim.Chat
local function note_file(chat)
  if vim.bo[chat.buf].buftype == "" then
    chat.disk = read_file_state(chat.buf)
  end
end

state.on("BufReadPre", note_file)
state.on("BufNewFile", note_file)

state.on("BufWritePost", function(chat, event)
  if is_all(event) then
    note_file(chat)
  end
end)

state.on("BufFilePost", function(chat)
  if vim.bo[chat.buf].buftype == "" then
    chat.disk = renamed(chat.disk, read_file_state(chat.buf))
  end
end)

---@param name string
---@param bytes string?
---@return boolean
local function holds(name, bytes)
  local file = bytes and io.open(name, "rb")
  if not file then
    return false
  end
  local found = file:read("*a")
  file:close()
  return found == bytes or (found == "" and bytes == "\n")
end

--- Returns the bytes that writing the buffer would produce, or nil if the encoding is not UTF-8.
---@param buf integer
---@return string?
local function encode_text(buf)
  local options = vim.bo[buf]
  local encoding = options.fileencoding
  if encoding ~= "" and encoding ~= "utf-8" then
    return
  end
  local lines = api.nvim_buf_get_lines(buf, 0, -1, false)
  for index, line in ipairs(lines) do
    -- Neovim's API returns a NUL as a line break.
    lines[index] = line:gsub("\n", "\0")
  end
  local ending = ({ dos = "\r\n", mac = "\r" })[options.fileformat] or "\n"
  local text = table.concat(lines, ending) .. (options.endofline and ending or "")
  return (options.bomb and "\239\187\191" or "") .. text
end

--- If the reading of a buffer was missed, assumes that its current file was read if the text is the
--- same.
---@param buf integer
function M.adopt(buf)
  local chat = state.get(buf)
  if chat.disk ~= nil or vim.bo[buf].buftype ~= "" or vim.bo[buf].modified then
    return
  end
  -- Before the text is compared, so that a write in between counts as a change.
  local file = read_file_state(buf)
  if file.size and file.size <= MOST and holds(file.name, encode_text(buf)) then
    chat.disk = file
  end
end

--- Returns why a buffer must not be written over its file, or nil.
---@param buf integer
---@return string?
function M.refusal(buf)
  local file, before = read_file_state(buf), state.get(buf).disk
  if before then
    if file.name ~= before.name or not is_same(file, before) then
      return "it has changed on the disk since it was read; "
        .. "`:edit!` reads it, `:write!` keeps this text"
    end
  elseif file.size and before == false then
    return "there was such a file before the chat got its name; `:write!` writes over it"
  elseif file.size then
    return "whether it has changed since it was read is not known; `:write` it once"
  end
end

return M
