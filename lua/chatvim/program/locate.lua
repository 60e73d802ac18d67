-- SPDX-License-Identifier: Apache-2.0
-- Finds the chatvim program.
local M = {}

--- Where a program was found.
---@alias chatvim.Origin "option"|"built"|"release"|"installed"|"path"

---@class chatvim.Candidate
---@field origin chatvim.Origin
---@field path string

--- Returns the plugin's folder.
---@return string
function M.root()
  local file = debug.getinfo(1, "S").source:sub(2)
  return vim.fn.fnamemodify(file, ":p:h:h:h:h")
end

--- Returns the paths to search for the program, in order. A configured path is the only candidate.
---@return chatvim.Candidate[]
function M.candidates()
  local configured = require("chatvim.config").get().program
  if configured ~= "" then
    return { { origin = "option", path = vim.fs.normalize(configured) } }
  end
  -- build.lua creates one of these two.
  local list = {
    { origin = "built", path = M.root() .. "/build/release/chatvim" },
    { origin = "release", path = M.root() .. "/build/prebuilt/chatvim" },
  }
  -- Installed with the plugin (cmake/Install.cmake), wherever that is.
  local prefix = M.root():match("^(.*)/share/nvim/site/pack/chatvim/start/chatvim$")
  if prefix then
    table.insert(list, { origin = "installed", path = prefix .. "/bin/chatvim" })
  end
  local found = vim.fn.exepath("chatvim")
  table.insert(list, { origin = "path", path = found ~= "" and found or "chatvim on $PATH" })
  return list
end

--- Finds the program's path.
---@return string? path
---@return string? err advice, and the paths that were tried
---@return chatvim.Origin? origin
function M.find()
  local tried = {}
  for _, candidate in ipairs(M.candidates()) do
    local path = candidate.path
    if vim.fn.executable(path) == 1 and vim.fn.isdirectory(path) == 0 then
      return path, nil, candidate.origin
    end
    table.insert(tried, path)
  end
  return nil,
    ("%s; the chatvim program was not found (looked at %s)"):format(
      M.advice(),
      table.concat(tried, ", ")
    )
end

--- Returns advice on how to fix a missing or broken program.
---@return string
function M.advice()
  local install = "run " .. require("chatvim.install.again").command(M.root())
  if not vim.uv.fs_stat(M.root() .. "/build.lua") then
    install = "install chatvim again"
  end
  if require("chatvim.config").get().program ~= "" then
    return "correct the option `program`, or " .. install
  end
  return install
end

return M
