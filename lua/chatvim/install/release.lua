-- SPDX-License-Identifier: Apache-2.0
-- Reads data/release.txt, the list of a release's programs, which scripts/release.sh makes. It is
-- part of the plugin, so an attacker who replaces a download cannot also replace its checksum.
local files = require("chatvim.install.file")

local M = {}

---@class chatvim.install.Program a program of the release
---@field version string
---@field name string the file's name in the release
---@field bytes integer
---@field digest string SHA-256 in hexadecimal

---@class chatvim.install.List
---@field version string
---@field sources string digest of the sources from which the programs are built
---@field programs table<string, chatvim.install.Program> by name

--- Largest program size that a list may contain.
local MAX_BYTES = 64 * 1024 * 1024
--- Deepest level of source folders, which ends loops of symbolic links.
local MAX_DEPTH = 8

--- Parses a list.
---@param text string
---@return chatvim.install.List?
---@return string? err
function M.parse(text)
  local list = { programs = {} }
  local number = 0
  for line in (text .. "\n"):gmatch("(.-)\r?\n") do
    number = number + 1
    local version = line:match("^version (%d+%.%d+%.%d+[%w%.%-]*)$")
    local sources = line:match("^sources (%x+)$")
    local digest, bytes, name = line:match("^(%x+)  (%d+)  (chatvim%-[%w_]+%-[%w_]+)$")
    if version then
      list.version = version
    elseif sources and #sources == 64 then
      list.sources = sources:lower()
    elseif digest and #digest == 64 and tonumber(bytes) > 0 and tonumber(bytes) <= MAX_BYTES then
      list.programs[name] = { name = name, bytes = tonumber(bytes), digest = digest:lower() }
    elseif line:find("%S") and not line:find("^#") then
      return nil, ("line %d of data/release.txt cannot be read"):format(number)
    end
  end
  if not list.version or not list.sources then
    return nil, "data/release.txt names no version or no sources"
  end
  for _, program in pairs(list.programs) do
    program.version = list.version
  end
  return list
end

--- Returns the file name of this system's program in a release.
---@param uname? { sysname: string, machine: string }
---@return string
function M.asset(uname)
  uname = uname or vim.uv.os_uname()
  local systems = { Linux = "linux", Darwin = "macos" }
  local system = systems[uname.sysname] or uname.sysname:lower():gsub("[^%w_]", "_")
  return ("chatvim-%s-%s"):format(system, (uname.machine:gsub("[^%w_]", "_")))
end

--- Returns the SHA-256 of `bytes` in hexadecimal, or nil if this Neovim cannot hash them: before
--- 0.12 `sha256()` accepts no NUL.
---@param bytes string
---@return string?
function M.sha256(bytes)
  local ok, digest = pcall(vim.fn.sha256, bytes)
  return ok and digest or nil
end

--- Appends the paths of the files in a folder. Checks each entry's type itself, because some file
--- systems do not report it and a plugin's files may be links.
---@param root string
---@param folder string
---@param depth integer
---@param paths string[]
local function add_files(root, folder, depth, paths)
  for name, kind in vim.fs.dir(root .. "/" .. folder) do
    local path = folder .. "/" .. name
    if kind ~= "file" and kind ~= "directory" then
      local stat = vim.uv.fs_stat(root .. "/" .. path)
      kind = stat and stat.type or kind
    end
    if kind == "file" then
      table.insert(paths, path)
    elseif kind == "directory" and depth > 1 then
      add_files(root, path, depth - 1, paths)
    end
  end
end

--- Returns the digest of everything that goes into the program: the SHA-256 of the lines "DIGEST
--- PATH" of these files, sorted by path, as `sha256sum` prints them.
---@param root string
---@return string?
function M.sources(root)
  local paths = { "CMakeLists.txt", "data/models.json" }
  for _, folder in ipairs({ "cmake", "include", "src" }) do
    add_files(root, folder, folder == "cmake" and 1 or MAX_DEPTH, paths)
  end
  table.sort(paths)
  local lines = {}
  for _, path in ipairs(paths) do
    local text = files.read(root .. "/" .. path)
    local digest = text and M.sha256(text)
    if not digest then
      return nil
    end
    table.insert(lines, digest .. "  " .. path .. "\n")
  end
  return M.sha256(table.concat(lines))
end

--- Returns the list in a plugin's folder.
---@param root string
---@return chatvim.install.List?
---@return string? err
function M.read(root)
  local text = files.read(root .. "/data/release.txt")
  if not text then
    return nil, "this version has no released program"
  end
  return M.parse(text)
end

--- Returns the program that matches this system and these sources.
---@param root string
---@return chatvim.install.Program?
---@return string? err
function M.choose(root)
  local list, err = M.read(root)
  if not list then
    return nil, err
  end
  local name = M.asset()
  local program = list.programs[name]
  if not program then
    return nil, ("release %s has no program for this system (%s)"):format(list.version, name)
  end
  if M.sources(root) ~= list.sources then
    return nil, ("these sources are not those of release %s"):format(list.version)
  end
  return program
end

return M
