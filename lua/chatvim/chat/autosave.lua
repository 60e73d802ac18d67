-- SPDX-License-Identifier: Apache-2.0
-- Writes a chat's file when an answer has ended, for those who ask for that (`autosave`). It never
-- asks anything: where Neovim would, nothing is written and one message says so.
local M = {}

local api = vim.api
local uv = vim.uv

---@param line string
---@param encoding string
---@return boolean
local function fits(line, encoding)
  local there = vim.iconv(line, "utf-8", encoding)
  return there ~= nil and vim.iconv(there, encoding, "utf-8") == line
end

--- Why the text cannot be written as the file is encoded, or nothing. With "!" Neovim would write
--- it all the same, without the characters that are lacking.
---@param buf integer
---@return string?
local function unwritable(buf)
  local encoding = vim.bo[buf].fileencoding
  if encoding == "" or encoding:find("^utf") or encoding == "ucs-4" or encoding == "ucs-4le" then
    return
  end
  for number, line in ipairs(api.nvim_buf_get_lines(buf, 0, -1, false)) do
    if line:find("[\128-\255]") and not fits(line, encoding) then
      return ("line %d cannot be written in 'fileencoding' %s; "):format(number, encoding)
        .. "`:set fileencoding=utf-8` and `:write`"
    end
  end
end

--- Why the file must not be written, or nothing.
---@param buf integer
---@param name string
---@return string?
local function refusal(buf, name)
  if vim.bo[buf].readonly then
    return "'readonly' is set"
  end
  if uv.fs_stat(name) and not uv.fs_access(name, "W") then
    return "it is write-protected"
  end
  return require("chatvim.chat.disk").refusal(buf) or unwritable(buf)
end

--- Writes through Neovim, so that the user's autocommands for it run. An error of theirs is told;
--- one of Neovim's is why there is no file.
---@param buf integer
---@return string? err
local function update(buf)
  local before = vim.v.errmsg
  vim.v.errmsg = ""
  -- "!": Neovim would ask whether to write over a file that changed a moment ago; what else it
  -- keeps from being written was looked at before. "silent!": an error in an autocommand must not
  -- end the write. The marks '[ and '] are the user's.
  local ok, thrown = pcall(api.nvim_buf_call, buf, function()
    vim.cmd("lockmarks keepalt silent! update!")
  end)
  -- Without the traceback of an error in Lua.
  local err = (ok and vim.v.errmsg or tostring(thrown)):match("^[^\n]*")
  if err == "" then
    vim.v.errmsg = before
  end
  if not api.nvim_buf_is_loaded(buf) then
    return
  end
  if vim.bo[buf].modified then
    return err ~= "" and err or "Neovim did not write it"
  elseif err ~= "" then
    local message = "error in an autocommand while the chat was written: " .. err
    require("chatvim.notify").show(message, "warn")
  end
end

--- Writes the file of a buffer in which an answer has ended.
---@param buf integer
function M.write(buf)
  local name = api.nvim_buf_get_name(buf)
  if name == "" or vim.bo[buf].buftype ~= "" or not vim.bo[buf].modified then
    return
  end
  local reason = refusal(buf, name) or update(buf)
  if reason then
    local shown = vim.fn.fnamemodify(name, ":~:.")
    require("chatvim.notify").show(("%s was not written: %s"):format(shown, reason), "warn")
  end
end

return M
