-- SPDX-License-Identifier: Apache-2.0
-- Compares the includes of src/ and include/chatvim/ with the table src/folders.txt:
-- `nvim -l cpp_layers.lua ROOT`. A header is in include/chatvim/ exactly if another folder, or a
-- header of include/chatvim/, includes it.

local root = arg[1]
local failures = {}

local function fail(...)
  table.insert(failures, string.format(...))
end

--- The folder of a path below src/ or include/chatvim/, or nil for a file directly in one of them.
local function folder_of(path)
  return path:match("^src/(%w+)/") or path:match("^include/chatvim/(%w+)/")
end

---@return table<string, table<string, boolean>> permitted by folder
local function read_table()
  local permitted = {}
  for line in io.lines(root .. "/src/folders.txt") do
    local folder, others = line:match("^(%w+):(.*)$")
    if folder then
      permitted[folder] = {}
      for other in others:gmatch("%w+") do
        if not permitted[other] then
          fail("src/folders.txt: %s must stand above %s, which includes it", other, folder)
        end
        permitted[folder][other] = true
      end
    end
  end
  return permitted
end

--- The path of an included file as the compiler finds it, or nil for one that is not ours.
local function resolve(path, name)
  if name:find("^chatvim/") then
    return "include/" .. name
  end
  local beside = vim.fs.dirname(path) .. "/" .. name
  if vim.uv.fs_stat(root .. "/" .. beside) then
    return beside
  end
end

local permitted = read_table()
local used, outside = {}, {}
for _, path in ipairs(vim.fn.systemlist({ "git", "-C", root, "ls-files", "src", "include" })) do
  local folder = folder_of(path)
  if path:find("%.[ch]pp$") and vim.uv.fs_stat(root .. "/" .. path) then
    if folder and not permitted[folder] then
      fail("%s: add the folder %s to src/folders.txt", path, folder)
    end
    for line in io.lines(root .. "/" .. path) do
      local included = resolve(path, line:match('^#include "([^"]+)"') or "")
      local other = included and folder_of(included)
      if included and path:find("^include/") then
        outside[included] = true
      end
      if other and other ~= folder then
        outside[included] = true
        if folder and permitted[folder] and not permitted[folder][other] then
          fail("%s: %s may not include %s (see src/folders.txt)", path, folder, other)
        end
        used[(folder or "") .. " " .. other] = true
      end
    end
  end
end

for folder, others in pairs(permitted) do
  for other in pairs(others) do
    if not used[folder .. " " .. other] then
      fail("src/folders.txt: %s does not include %s; take that out", folder, other)
    end
  end
end
for _, path in ipairs(vim.fn.systemlist({ "git", "-C", root, "ls-files", "include" })) do
  if folder_of(path) and not outside[path] and vim.uv.fs_stat(root .. "/" .. path) then
    fail("%s: no other folder includes it; move it to src/", path)
  end
end

if #failures > 0 then
  table.sort(failures)
  io.stderr:write(table.concat(failures, "\n"), "\n")
  os.exit(1)
end
