-- SPDX-License-Identifier: Apache-2.0
-- Compares the screen with a reference in tests/nvim/screens/VERSION/NAME: the text, and below it
-- the attributes, one character for each kind. To replace a reference, delete the file, run the
-- test in both Neovims, and review the result.
local environment = require("helpers.environment")
local system = require("helpers.system")

local M = {}

--- Milliseconds within which the screen must match the reference.
local LIMIT = 10000

--- Text that differs from run to run, and its placeholder. The rest of the line moves left.
---@type { pattern: string, mask: string }[]
local MOVING = {
  { pattern = "\226\160[\128-\191]", mask = "*" }, -- the spinner: U+2800 to U+283F
  { pattern = "%d+ s · ", mask = "N s · " },
  { pattern = "writing %d+ s", mask = "writing N s" },
  { pattern = "again in %d+ s", mask = "again in N s" },
  { pattern = "%d+%.%d s", mask = "N.N s" },
  { pattern = "127%.0%.0%.1:%d+", mask = "127.0.0.1:PORT" },
}

--- Expects that a child shows the screen `name` within the limit. Each version of Neovim has its
--- own references, since colours, status lines and messages differ.
---@param child tests.Child with a screen
---@param name string
function M.expect(child, name)
  local path = M._path(name)
  if not path then
    return
  end
  local screen
  if vim.fn.filereadable(path) == 1 then
    local expected = system.read(path)
    vim.wait(LIMIT, function()
      screen = M.take(child)
      return tostring(screen) .. "\n" == expected
    end, 50)
  else
    screen = M.take(child)
  end
  MiniTest.expect.reference_screenshot(screen, path)
end

--- Returns the path of a reference, or nil if this version of Neovim has none. With CI set, a
--- missing file is an error, since mini.test would create it from the current screen and pass.
---@param name string
---@return string?
function M._path(name)
  local version = vim.version()
  local folder = ("%s/tests/nvim/screens/%d.%d"):format(
    environment.root,
    version.major,
    version.minor
  )
  local path = folder .. "/" .. name
  if vim.env.CI and vim.fn.filereadable(path) == 0 then
    error("there is no screen " .. path, 3)
  end
  if vim.fn.isdirectory(folder) == 0 then
    MiniTest.add_note("no screens are kept for this version of Neovim")
    return
  end
  return path
end

--- Returns the current screen, masked, in the form that mini.test writes and compares.
---@param child tests.Child
---@return table
function M.take(child)
  local screen = child:lua([[
    vim.cmd.redraw()
    local screen = { text = {}, attr = {} }
    for row = 1, vim.o.lines do
      screen.text[row], screen.attr[row] = {}, {}
      for column = 1, vim.o.columns do
        screen.text[row][column] = vim.fn.screenstring(row, column)
        screen.attr[row][column] = vim.fn.screenattr(row, column)
      end
    end
    return screen
  ]])
  for row, cells in ipairs(screen.text) do
    for _, moving in ipairs(MOVING) do
      while M._mask(cells, screen.attr[row], moving) do
      end
    end
  end
  M._name_attributes(screen.attr)
  return setmetatable(screen, { __tostring = M._text })
end

--- Masks the first match of a pattern in a row of cells; the row keeps its length.
---@param cells string[]
---@param attributes integer[]
---@param moving { pattern: string, mask: string }
---@return boolean found
function M._mask(cells, attributes, moving)
  local width = #cells
  local text = table.concat(cells)
  local first, last = text:find(moving.pattern)
  if not first then
    return false
  end
  -- Convert bytes to cells: those before the match, and those of the match.
  local from, count, bytes = 1, 0, 0
  for index, cell in ipairs(cells) do
    if bytes < first - 1 then
      from = index + 1
    elseif bytes < last then
      count = count + 1
    end
    bytes = bytes + #cell
  end
  local attribute = attributes[from]
  for _ = 1, count do
    table.remove(cells, from)
    table.remove(attributes, from)
  end
  local mask = vim.fn.split(moving.mask, [[\zs]])
  for index, cell in ipairs(mask) do
    table.insert(cells, from + index - 1, cell)
    table.insert(attributes, from + index - 1, attribute)
  end
  M._fit(cells, width, " ")
  M._fit(attributes, width, attributes[#attributes])
  return true
end

---@param list any[]
---@param length integer
---@param filler any
function M._fit(list, length, filler)
  while #list > length do
    table.remove(list)
  end
  while #list < length do
    table.insert(list, filler)
  end
end

--- Converts attribute numbers to characters, "0" for the first on the screen, as mini.test's own
--- screenshots do.
---@param rows any[][]
function M._name_attributes(rows)
  local names, next_name = {}, ("0"):byte()
  for _, row in ipairs(rows) do
    for column, attribute in ipairs(row) do
      if not names[attribute] then
        names[attribute] = string.char(next_name)
        next_name = next_name + 1
      end
      row[column] = names[attribute]
    end
  end
end

---@param screen { text: string[][], attr: string[][] }
---@return string
function M._text(screen)
  local parts = {}
  for _, rows in ipairs({ screen.text, screen.attr }) do
    local part = { "--|" .. ("---------|"):rep(#rows[1] / 10) }
    for index, row in ipairs(rows) do
      part[#part + 1] = ("%02d|%s"):format(index, table.concat(row))
    end
    parts[#parts + 1] = table.concat(part, "\n")
  end
  return table.concat(parts, "\n\n")
end

return M
