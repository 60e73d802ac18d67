-- SPDX-License-Identifier: Apache-2.0
-- Writes a chat's file when an answer has ended, for those who ask for that (`autosave`). It never
-- asks anything: where Neovim would, nothing is written and one message says so.
local M = {}

local api = vim.api
local uv = vim.uv

--- What the file of a buffer was when Neovim last read or wrote it; false: there was none.
---@type table<integer, { seconds: integer, nanoseconds: integer, size: integer }|false>
local known = {}

--- Begins to watch for changes of a buffer's file by others.
---@param buf integer
function M.watch(buf)
  if known[buf] ~= nil or vim.bo[buf].buftype ~= "" then
    return
  end
  known[buf] = M._stat(buf)
  -- Not for the buffer only: Neovim forgets such ones when `:write NAME` names the buffer.
  api.nvim_create_autocmd({ "BufReadPost", "BufNewFile", "BufWritePost", "BufFilePost" }, {
    group = api.nvim_create_augroup("chatvim.autosave", {}),
    desc = "Chatvim: what a chat's file is, to see whether somebody else writes it",
    callback = function(event)
      M._note(event.buf, event.event)
    end,
  })
end

--- Writes the file of a buffer in which an answer has ended.
---@param buf integer
function M.write(buf)
  local name = api.nvim_buf_get_name(buf)
  if name == "" or vim.bo[buf].buftype ~= "" or not vim.bo[buf].modified then
    return
  end
  local reason = M._reason(buf, name) or M._update(buf)
  if reason then
    local shown = vim.fn.fnamemodify(name, ":~:.")
    require("chatvim.notify").show(("%s was not written: %s"):format(shown, reason), "warn")
  end
end

---@param buf integer
---@param event string
function M._note(buf, event)
  -- A write to another file, after which the buffer is still modified, is none of ours.
  if known[buf] ~= nil and (event ~= "BufWritePost" or not vim.bo[buf].modified) then
    known[buf] = M._stat(buf)
  end
end

--- Why the file must not be written, or nothing.
---@param buf integer
---@param name string
---@return string?
function M._reason(buf, name)
  if vim.bo[buf].readonly then
    return "'readonly' is set"
  end
  local stat = M._stat(buf)
  if stat and not uv.fs_access(name, "W") then
    return "it is write-protected"
  end
  if not vim.deep_equal(stat, known[buf]) then
    return "it has changed on the disk since it was read; "
      .. "`:edit!` reads it, `:write!` keeps this text"
  end
end

--- Writes through Neovim, so that the user's autocommands for it run. An error of theirs is told;
--- one of Neovim's is why there is no file.
---@param buf integer
---@return string? err
function M._update(buf)
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

---@param buf integer
---@return { seconds: integer, nanoseconds: integer, size: integer }|false
function M._stat(buf)
  local stat = uv.fs_stat(api.nvim_buf_get_name(buf))
  return stat and { seconds = stat.mtime.sec, nanoseconds = stat.mtime.nsec, size = stat.size }
    or false
end

return M
