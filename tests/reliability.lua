-- SPDX-License-Identifier: Apache-2.0
-- Checks doc/reliability.md against the tests: every behaviour has a row, and every test that a row
-- names exists, has run and has passed. Runs after all other tests:
--   nvim -l reliability.lua ROOT RECORDS LABEL...
-- RECORDS is the folder with the names of the passed cases; each LABEL is a Neovim version whose
-- tests must have run.
local root, records = assert(_G.arg[1]), assert(_G.arg[2])
local labels = vim.list_slice(_G.arg, 3)

--- Number of behaviours that must have a row.
local BEHAVIOURS = 37

local problems = {}
local function complain(...)
  table.insert(problems, (...):format(select(2, ...)))
end

---@param path string
---@return string? text
local function read(path)
  local file = io.open(path, "rb")
  local text = file and file:read("*a")
  if file then
    file:close()
  end
  return text
end

--- Returns the names of the passed cases of a C++ program, or of a test file in a Neovim version.
---@param record string file name in the folder of records
---@return table<string, true>
local function read_passed(record)
  local passed = {}
  for name in (read(("%s/%s.txt"):format(records, record)) or ""):gmatch("[^\n]+") do
    passed[name] = true
  end
  return passed
end

local programs = { unit = read_passed("unit"), program = read_passed("program") }

--- Returns the names of the cases in a test file's source.
---@param source string
---@param is_lua boolean
---@return table<string, true>
local function cases_in(source, is_lua)
  local cases = {}
  for name in source:gmatch(is_lua and '\nT%["([^\n]-)"%]' or 'TEST_CASE%("([^\n]-)"') do
    cases[name] = true
  end
  return cases
end

--- Checks one test that a row names.
---@param row string
---@param file string below tests/
---@param name? string of a case; nil for any
local function check(row, file, name)
  local source = read(("%s/tests/%s"):format(root, file))
  if not source then
    return complain("%s names tests/%s, which does not exist", row, file)
  end
  local kind = file:match("^%l+")
  local cases = cases_in(source, kind == "nvim")
  if name and not cases[name] then
    return complain('%s: tests/%s has no case "%s"', row, file, name)
  end
  for _, label in ipairs(kind == "nvim" and labels or { kind }) do
    local passed = programs[kind]
      or read_passed(("nvim-%s/%s"):format(label, vim.fs.basename(file)))
    local ran = false
    for case in pairs(cases) do
      ran = ran or ((not name or case == name) and passed[case] == true)
    end
    if not ran then
      complain(
        "%s: %s of tests/%s has not run and passed (%s)",
        row,
        name or "no case",
        file,
        label
      )
    end
  end
end

local text = assert(read(root .. "/doc/reliability.md"), "doc/reliability.md is missing")
local rows, named = {}, 0
for line in text:gmatch("[^\n]+") do
  local row = line:match("^| (B%d+) |")
  local count = 0
  for span in line:gmatch("`([^`]+)`") do
    local file, name = span:match("^(%l+/[%w_/]+%.%l+):? ?(.*)$")
    if
      file and file:find("^unit/")
      or file and file:find("^program/")
      or file and file:find("^nvim/")
    then
      check(row or "a line", file, name ~= "" and name or nil)
      count = count + 1
    end
  end
  named = named + count
  if row then
    if rows[row] then
      complain("%s has two rows", row)
    end
    rows[row] = count
  end
end
for number = 1, BEHAVIOURS do
  if (rows["B" .. number] or 0) == 0 then
    complain("B%d has no row, or none that names a test", number)
  end
end

for _, problem in ipairs(problems) do
  io.stdout:write(problem, "\n")
end
io.stdout:write(("%d tests are named; %d problems\n"):format(named, #problems))
os.exit(#problems == 0 and 0 or 1)
