-- SPDX-License-Identifier: Apache-2.0
-- Installs the program: the one from the release if it fits this system and these sources, else one
-- built here. lazy.nvim runs this file after an installation or update; other plugin managers need
-- a hook (`:help chatvim-install`). By hand: `nvim -l build.lua`.
local this = vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p")
local root = vim.fn.fnamemodify(this, ":h")
local folder = root .. "/lua/chatvim/install"

-- Load the modules from this folder, whatever 'runtimepath' says: the plugin may not be loaded yet,
-- and after an update the old modules may still be in memory.
local modules = {}
for name in vim.fs.dir(folder) do
  -- Skip files of editors and file managers, such as .run.lua.swp and .DS_Store.
  local stem = name:match("^([%w_]+)%.lua$")
  if stem then
    modules["chatvim.install." .. stem] = assert(loadfile(folder .. "/" .. name))
  end
end
for module, chunk in pairs(modules) do
  package.loaded[module] = nil
  package.preload[module] = chunk
end
local ok, err = pcall(function()
  require("chatvim.install.run").run(root)
end)
for module in pairs(modules) do
  package.loaded[module] = nil
  package.preload[module] = nil
end
if not ok and _G.arg and vim.fn.fnamemodify(_G.arg[0] or "", ":p") == this then
  -- In a script (`nvim -l`), Neovim would add a traceback to an error.
  io.stderr:write(tostring(err) .. "\n")
  vim.cmd.cquit({ count = 1 })
elseif not ok then
  error(err, 0)
end
