-- SPDX-License-Identifier: Apache-2.0
-- Opens, renames or deletes the file of a chat.
local M = {}

local api = vim.api
local notify = require("chatvim.notify")

---@param err? string
local function warn(err)
  if err then
    notify.show(err, "warn")
  end
end

--- Asks what to do with a chat's file, and does it.
---@param path string
---@param open fun(): string? opens it; returns an error
function M.manage(path, open)
  local name = vim.fs.basename(path)
  local actions = {
    { text = "open it", run = open },
    {
      text = "give it another name",
      run = function()
        vim.ui.input({ prompt = "Name: ", default = name }, function(new)
          warn(new and new ~= "" and new ~= name and M.rename(path, new) or nil)
        end)
      end,
    },
    {
      text = "delete it",
      run = function()
        local shown = require("chatvim.view.printable").show(name)
        local question = ("Delete %s for good?"):format(shown)
        vim.ui.select({ "No", "Yes, delete it" }, { prompt = question }, function(_, index)
          warn(index == 2 and M.delete(path) or nil)
        end)
      end,
    },
  }
  local options = {
    prompt = require("chatvim.view.printable").show(name) .. ":",
    format_item = function(action)
      return action.text
    end,
  }
  vim.ui.select(actions, options, function(action)
    if action then
      warn(action.run())
    end
  end)
end

--- Returns the loaded buffer of a file, or nil.
---@param path string
---@return integer?
local function buffer(path)
  local real = vim.uv.fs_realpath(path)
  for _, buf in ipairs(api.nvim_list_bufs()) do
    local name = api.nvim_buf_is_loaded(buf) and api.nvim_buf_get_name(buf) or ""
    if name ~= "" and (name == path or (real and vim.uv.fs_realpath(name) == real)) then
      return buf
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
  if vim.uv.fs_lstat(new) then
    return ("there is a file %s already; nothing was renamed"):format(name)
  end
  local ok, err = vim.uv.fs_rename(path, new)
  if not ok then
    return ("nothing was renamed: %s"):format(err)
  end
  local buf = buffer(path)
  if buf then
    local modified = vim.bo[buf].modified
    api.nvim_buf_set_name(buf, new)
    if not modified then
      -- Without this, Neovim would ask before overwriting the buffer's own file.
      api.nvim_buf_call(buf, function()
        vim.cmd("silent! noautocmd lockmarks keepalt write!")
      end)
    end
  end
end

--- Deletes a chat's file and its buffer, unless the buffer has unsaved text.
---@param path string
---@return string? err
function M.delete(path)
  local buf = buffer(path)
  if buf and (vim.bo[buf].modified or require("chatvim.chat.running").is_running(buf)) then
    return "it is open, and its text is not saved; nothing was deleted"
  end
  local ok, err = vim.uv.fs_unlink(path)
  if not ok then
    return ("nothing was deleted: %s"):format(err)
  elseif buf then
    api.nvim_buf_delete(buf, {})
  end
end

return M
