-- SPDX-License-Identifier: Apache-2.0
-- Finds the chatvim program.
local M = {}

--- The plugin's folder.
---@return string
function M.root()
  local file = debug.getinfo(1, "S").source:sub(2)
  return vim.fn.fnamemodify(file, ":p:h:h:h")
end

--- Where the program is looked for, in order. A configured path is the only one.
---@return string[]
function M.candidates()
  local configured = require("chatvim.config").get().program
  if configured ~= "" then
    return { vim.fs.normalize(configured) }
  end
  local paths = { M.root() .. "/build/release/chatvim" }
  -- Installed with the plugin (cmake/Install.cmake), wherever that is.
  local prefix = M.root():match("^(.*)/share/nvim/site/pack/chatvim/start/chatvim$")
  if prefix then
    table.insert(paths, prefix .. "/bin/chatvim")
  end
  local found = vim.fn.exepath("chatvim")
  table.insert(paths, found ~= "" and found or "chatvim on $PATH")
  return paths
end

--- The program's path.
---@return string? path
---@return string? err names the paths that were tried and how the program is built
function M.find()
  local candidates = M.candidates()
  for _, path in ipairs(candidates) do
    if vim.fn.executable(path) == 1 and vim.fn.isdirectory(path) == 0 then
      return path
    end
  end
  return nil,
    ("the chatvim program was not found (looked at %s); %s"):format(
      table.concat(candidates, ", "),
      M.advice()
    )
end

--- What to do about a program that is missing or broken.
---@return string
function M.advice()
  local configured = require("chatvim.config").get().program
  local build = ("build it with `make build` in %s"):format(vim.fn.fnamemodify(M.root(), ":~"))
  if configured ~= "" then
    return "correct the option `program`, or " .. build
  end
  return build
end

return M
