-- SPDX-License-Identifier: Apache-2.0
-- The command that the user runs to install the program again.
local M = {}

--- Returns lazy.nvim's name for the plugin in a folder.
---@param root string
---@return string?
local function lazy_name(root)
  local config = package.loaded["lazy.core.config"]
  local plugins = type(config) == "table" and config.plugins
  for name, plugin in pairs(type(plugins) == "table" and plugins or {}) do
    if type(plugin) == "table" and plugin.dir and vim.fs.normalize(plugin.dir) == root then
      return name
    end
  end
end

--- Returns what to run, worded to follow "run".
---@param root string the plugin's folder
---@return string
function M.command(root)
  local name = lazy_name(vim.fs.normalize(root))
  if name then
    return ("`:Lazy build %s`"):format(name)
  end
  return "`nvim -l build.lua` in " .. vim.fn.fnamemodify(root, ":~")
end

return M
