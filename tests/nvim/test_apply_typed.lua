-- SPDX-License-Identifier: Apache-2.0
-- Random edits of the target while :ChatvimApply! computes and while the proposal is reviewed: no
-- line that the user has typed is lost, whatever is accepted.
local applies = require("helpers.applies")
local case = require("helpers.case")
local editing = require("helpers.editing")
local files = require("helpers.system")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local RUNS = 25
local FUNCTIONS = 8

--- Returns the text of one function.
---@param index integer
---@param value integer
---@return string
local function text_of(index, value)
  return ("function M.f%d()\n  local a = %d\n  return a\nend"):format(index, value)
end

---@return string
local function file_text()
  local parts = { "local M = {}" }
  for index = 1, FUNCTIONS do
    table.insert(parts, text_of(index, index))
  end
  table.insert(parts, "return M\n")
  return table.concat(parts, "\n\n")
end

--- Returns an answer that changes some of the functions.
---@param random fun(low: integer, high: integer): integer
---@return string
local function answer(random)
  local blocks = {}
  for index = 1, FUNCTIONS do
    if index == 1 or random(1, 2) == 1 then
      table.insert(blocks, applies.block("", "lua code.lua", text_of(index, 100 + index)))
    end
  end
  return applies.chat(unpack(blocks))
end

--- Types in the child: `edits` before each reply about a block as long as there are some, and the
--- rest later. Each adds or replaces a line, and is found again by its number.
local CODE = [[
  local edits = ...
  _G.typed = {}
  local function type_one()
    local edit = table.remove(edits, 1)
    local buf = vim.fn.bufnr("code.lua")
    if edit and vim.api.nvim_buf_is_loaded(buf) then
      local row = edit.row % vim.api.nvim_buf_line_count(buf)
      local old = vim.api.nvim_buf_get_lines(buf, row, row + 1, true)[1]
      local line = "typed " .. #edits
      -- What was typed before is not replaced by the user either.
      local keep = edit.inserts or old:find("typed", 1, true)
      vim.api.nvim_buf_set_lines(buf, row, row + (keep and 0 or 1), true, { line })
      table.insert(_G.typed, line)
    end
  end
  _G.type_all = function()
    while #edits > 0 do
      type_one()
    end
  end
  local query = require("chatvim.program.query")
  local patch = query.patch
  query.patch = function(fields, callback)
    patch(fields, function(err, value)
      if #edits > 4 then
        type_one()
      end
      callback(err, value)
    end)
  end
  vim.cmd("ChatvimApply!")
]]

---@param random fun(low: integer, high: integer): integer
---@return table[]
local function random_edits(random)
  local edits = {}
  for index = 1, 4 + random(1, 6) do
    edits[index] = { row = random(0, 9999), inserts = random(1, 2) == 1 }
  end
  return edits
end

T["no typed line is lost"] = function()
  local accepted = 0
  for seed = 1, RUNS do
    local random = editing.random(seed)
    local child = case.child()
    files.write(child.folder .. "/code.lua", file_text())
    child:chat(answer(random))
    child:command("split code.lua | wincmd p")
    child:lua([[vim.fn.search("^```lua")]])
    child:lua(CODE, random_edits(random))
    wait.until_true("a review or a refusal", function()
      return child:messages() ~= "" or vim.endswith(child:api("nvim_buf_get_name", 0), "code.lua")
    end)
    child:command("buffer code.lua")
    child:lua("_G.type_all()")
    child:command("silent! ChatvimAccept!")
    local text = child:text() .. "\n"
    for _, line in ipairs(child:lua("return _G.typed")) do
      eq({ seed, line, text:find(line .. "\n", 1, true) ~= nil }, { seed, line, true })
    end
    accepted = accepted + (text:find("local a = 10", 1, true) and 1 or 0)
    child:stop()
  end
  -- The test is about something: most runs have changed the file.
  eq(accepted > RUNS / 2, true)
end

return T
