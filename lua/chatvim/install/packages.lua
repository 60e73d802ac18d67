-- SPDX-License-Identifier: Apache-2.0
-- The packages that a build needs on this system, from data/packages.txt.
local files = require("chatvim.install.file")
local task = require("chatvim.install.task")

local M = {}

--- Commands that install packages; `root` means that the command needs root.
---@type table<string, { command: string, root: boolean }>
local INSTALL = {
  debian = { command = "apt-get install", root = true },
  fedora = { command = "dnf install", root = true },
  arch = { command = "pacman -S --needed", root = true },
  alpine = { command = "apk add", root = true },
  brew = { command = "brew install", root = false },
}
--- Systems whose ID_LIKE does not name the system they derive from.
local ALIKE = { ubuntu = "debian", rhel = "fedora", centos = "fedora" }

--- Returns the kind of this system, which determines its packages.
---@param os_release? string the text of /etc/os-release
---@param sysname? string
---@return string?
function M.system(os_release, sysname)
  if (sysname or vim.uv.os_uname().sysname) == "Darwin" then
    return "brew"
  end
  local names = {}
  for _, key in ipairs({ "ID", "ID_LIKE" }) do
    local value = ("\n" .. (os_release or "")):match("\n" .. key .. "=([^\n]*)") or ""
    vim.list_extend(names, vim.split(value:gsub("[\"']", ""), "%s+", { trimempty = true }))
  end
  for _, name in ipairs(names) do
    name = ALIKE[name] or name
    if INSTALL[name] then
      return name
    end
  end
end

--- Returns a system's packages, from the text of data/packages.txt. "a|b" is one package with two
--- possible names.
---@param text string
---@param system string
---@return string[]?
function M.parse(text, system)
  for name, list in ("\n" .. text):gmatch("\n(%w+): *([^\n]*)") do
    if name == system then
      return vim.split(list, "%s+", { trimempty = true })
    end
  end
end

--- Returns the first of the names that apt can install, or the first name if apt knows none of
--- them.
---@param names string[]
---@return string
local function choose(names)
  if #names > 1 and vim.fn.executable("apt-cache") == 1 then
    for _, name in ipairs(names) do
      local ended = task.run({ "apt-cache", "policy", name }, nil, { env = { LC_ALL = "C" } })
      if ended.ok and ended.output:find("Candidate: *%d") then
        return name
      end
    end
  end
  return names[1]
end

---@return string
local function root_prefix()
  if vim.uv.getuid() == 0 then
    return ""
  end
  local has_doas = vim.fn.executable("sudo") == 0 and vim.fn.executable("doas") == 1
  return has_doas and "doas " or "sudo "
end

--- Returns the command that installs the build's dependencies on this system.
---@param root string the plugin's folder
---@return string
function M.advice(root)
  local system = M.system(files.read("/etc/os-release") or files.read("/usr/lib/os-release"))
  local entries = system and M.parse(files.read(root .. "/data/packages.txt") or "", system)
  if not system or not entries then
    return "(CMake, a C++20 compiler and the libraries that README.md names)"
  end
  local names = {}
  for _, entry in ipairs(entries) do
    table.insert(names, choose(vim.split(entry, "|", { plain = true })))
  end
  local install = INSTALL[system]
  local prefix = install.root and root_prefix() or ""
  return ("%s%s %s"):format(prefix, install.command, table.concat(names, " "))
end

return M
