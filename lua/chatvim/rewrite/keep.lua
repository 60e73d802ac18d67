-- SPDX-License-Identifier: Apache-2.0
-- Keeps the chat of a rewrite as a file in the chat folder, so that the user can ask on.
local M = {}

local api = vim.api

local group = api.nvim_create_augroup("ChatvimRewriteChat", {})

--- Makes the buffer one of the user's chats. It is listed only if it is a file, as it is gone with
--- the review otherwise.
---@param buf integer
local function adopt(buf)
  if vim.bo[buf].filetype == "" then
    vim.bo[buf].filetype = "markdown"
  end
  vim.bo[buf].buflisted = vim.bo[buf].buftype == ""
  require("chatvim.chat.recent").use(buf)
end

--- Makes the buffer a chat as any other when it is shown.
---@param buf integer
function M.adopt_when_shown(buf)
  api.nvim_clear_autocmds({ group = group, buffer = buf })
  if #vim.fn.win_findbuf(buf) > 0 then
    return adopt(buf)
  end
  api.nvim_create_autocmd("BufWinEnter", {
    group = group,
    buffer = buf,
    once = true,
    desc = "Chatvim: show the chat of a rewrite as any other",
    callback = function()
      adopt(buf)
    end,
  })
end

--- Gives the buffer its name, so that it is a file's.
---@param buf integer
---@return string? err
local function name(buf)
  local path, err = require("chatvim.command.new").path("rewrite")
  if not path then
    return err
  end
  vim.bo[buf].buftype = ""
  local ok, why = pcall(api.nvim_buf_set_name, buf, path)
  if not ok then
    vim.bo[buf].buftype = "nofile"
    return tostring(why)
  end
end

--- Writes the chat of a rewrite into a file, or shows why it cannot. Once the user has opened the
--- chat, it is written as any other.
---@param buf integer
---@return string? path nil if there is no file
function M.write(buf)
  if vim.bo[buf].buftype == "" and vim.bo[buf].buflisted then
    return api.nvim_buf_get_name(buf)
  elseif vim.bo[buf].buftype == "nofile" then
    local err = name(buf)
    M.adopt_when_shown(buf)
    if err then
      require("chatvim.notify").show("the chat of the rewrite is not kept: " .. err, "warn")
      return nil
    end
    vim.bo[buf].modified = true
  end
  require("chatvim.chat.autosave").write(buf)
  if vim.bo[buf].modified then
    -- Nobody can save it: it must not keep Neovim from quitting.
    vim.bo[buf].buftype = "nofile"
    return nil
  end
  local path = api.nvim_buf_get_name(buf)
  require("chatvim.chat.recent").keep(path)
  return path
end

return M
