-- SPDX-License-Identifier: Apache-2.0
-- The packages that a build needs on this system, from data/packages.txt.
local files = require("chatvim.install.file")
local task = require("chatvim.install.task")

local M = {}

--- How packages are installed; `root` if that takes the rights of root.
---@type table<string, { command: string, root: boolean }>
local INSTALL = {
  debian = { command = "apt-get install", root = true },
  fedora = { command = "dnf install", root = true },
  arch = { command = "pacman -S --needed", root = true },
  alpine = { command = "apk add", root = true },
  brew = { command = "brew install", root = false },
}
--- Systems that do not name the one they come from in ID_LIKE.
local ALIKE = { ubuntu = "debian", rhel = "fedora", centos = "fedora" }

--- The kind of this system, by its packages.
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

--- The packages of a system, from the text of data/packages.txt. "a|b" is one that has either name.
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

--- The first of the names that apt can install; the first of all if it knows none.
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

--- The command that installs what the build needs on this system.
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
