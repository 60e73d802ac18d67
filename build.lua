-- SPDX-License-Identifier: Apache-2.0
-- Installs the program: the release's one if it fits this system and these sources, else one that
-- is built here. Plugin managers run this file after an installation or update: lazy.nvim by
-- itself, others as a hook (`:help chatvim-install`). By hand: `nvim -l build.lua`.
local this = vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p")
local root = vim.fn.fnamemodify(this, ":h")
local folder = root .. "/lua/chatvim/install"

-- The modules come from this folder, whatever is on 'runtimepath': the plugin may not be loaded
-- yet, and after an update the old modules may still be in memory.
local modules = {}
for name in vim.fs.dir(folder) do
  -- Not an editor's or a file manager's own files, such as .run.lua.swp and .DS_Store.
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
  -- A script (`nvim -l`): Neovim would add a traceback to an error.
  io.stderr:write(tostring(err) .. "\n")
  vim.cmd.cquit({ count = 1 })
elseif not ok then
  error(err, 0)
end
