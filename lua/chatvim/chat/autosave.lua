-- SPDX-License-Identifier: Apache-2.0
-- Writes a chat's file when an answer ends, if the option `autosave` is set. It never prompts: if
-- Neovim would, nothing is written and one message reports it.
local M = {}

local api = vim.api
local uv = vim.uv

---@param line string
---@param encoding string
---@return boolean
local function fits(line, encoding)
  local encoded = vim.iconv(line, "utf-8", encoding)
  return encoded ~= nil and vim.iconv(encoded, encoding, "utf-8") == line
end

--- Returns why the text cannot be written in the file's encoding, or nil. With "!", Neovim would
--- write it anyway, without the characters that the encoding lacks.
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

--- Returns why the file must not be written, or nil.
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

--- Writes the file with `:update`, so that the user's autocommands run. Shows an error of an
--- autocommand; returns why the file was not written.
---@param buf integer
---@return string? err
local function update(buf)
  local before = vim.v.errmsg
  vim.v.errmsg = ""
  -- "!": Neovim would ask before overwriting a file that has just changed; `refusal` has checked
  -- its other reasons not to write. "silent!": an error in an autocommand must not abort the write.
  -- "lockmarks": the marks '[ and '] belong to the user.
  local ok, thrown = pcall(api.nvim_buf_call, buf, function()
    vim.cmd("lockmarks keepalt silent! update!")
  end)
  -- Only the first line, without a Lua traceback.
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

--- Writes a buffer's file after an answer has ended in it.
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
