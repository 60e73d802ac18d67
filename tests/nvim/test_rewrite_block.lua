-- SPDX-License-Identifier: Apache-2.0
-- The block of a rewrite's answer, with random texts: what has arrived is certain unless it is
-- replaced, and the end is the same as if all came at once.
local environment = require("helpers.environment")
vim.opt.runtimepath:prepend(environment.root)

local proposals = require("chatvim.rewrite.proposal")

local T = MiniTest.new_set()
local equal = MiniTest.expect.equality

local CASES = 20000
local DELIMITERS = { user = "# U", assistant = "# A", system = "# S" }
local TEXTS = { "", "}", "if x {", "a()", "b()", "@c", "// d", "<e>", "</e>", "for f:" }

---@param count integer
---@return string[]
local function random_lines(count)
  local lines = {}
  for index = 1, count do
    local text = TEXTS[math.random(#TEXTS)]
    lines[index] = text == "" and "" or (" "):rep(2 * math.random(0, 3)) .. text
  end
  return lines
end

--- Returns lines without some of their indentation: all of them, or the first one.
---@param lines string[]
---@return string[]
local function dedent(lines)
  local what, least = math.random(3), math.random(0, 6)
  for index = 1, #lines do
    if what == 1 or (what == 2 and index == 1) then
      lines[index] = lines[index]:gsub("^" .. (" "):rep(least), "")
    end
  end
  return lines
end

---@return chatvim.Rewrite.Range
---@return string[] block an answer for it
local function random_case()
  local above, below = random_lines(math.random(0, 4)), random_lines(math.random(0, 4))
  local lines = random_lines(math.random(1, 4))
  local range = { first = 0, last = #lines, lines = lines, above = above, below = below }
  local block = vim.list_slice(above, #above + 1 - math.random(0, #above))
  if math.random(2) == 1 then
    lines = random_lines(math.random(0, 4))
  end
  vim.list_extend(block, lines)
  vim.list_extend(block, below, 1, math.random(0, #below))
  return range, dedent(block)
end

--- Sets the chat's text, as far as it has arrived.
---@param buf integer
---@param text string
local function set(buf, text)
  vim.api.nvim_buf_set_lines(buf, 0, -1, true, vim.split("# A\n\n```\n" .. text, "\n"))
end

--- Reads a block that arrives piece by piece, and returns its text.
---@param buf integer
---@param range chatvim.Rewrite.Range
---@param text string
---@return string[] lines
---@return boolean replaced
local function read_pieces(buf, range, text)
  set(buf, "")
  local proposal = proposals.new(buf, 0, DELIMITERS, range)
  local shown, part, at, replaced = {}, nil, 0, false
  repeat
    at = math.min(at + math.random(9), #text)
    set(buf, text:sub(1, at))
    proposals.read(proposal, at == #text)
    if proposal.replaced then
      proposal.replaced, replaced = nil, true
    else
      equal(vim.list_slice(proposal.lines, 1, #shown), shown)
      local line = proposal.lines[#shown + 1]
      -- The indentation of the last line may be another when it is complete.
      assert(not part or not line or vim.startswith(vim.trim(line), vim.trim(part)), part)
    end
    shown, part = vim.list_slice(proposal.lines), proposals.partial(proposal)
  until at == #text
  return shown, replaced
end

T["a block that arrives in pieces gives the same text as at once"] = function()
  math.randomseed(1)
  local buf = vim.api.nvim_create_buf(false, true)
  local shorter, replaced = 0, 0
  for _ = 1, CASES do
    local range, block = random_case()
    local text = table.concat(block, "\n") .. "\n```"
    set(buf, text)
    local proposal = proposals.new(buf, 0, DELIMITERS, range)
    proposals.read(proposal, true)
    equal(proposal.part, "done")
    local lines, again = read_pieces(buf, range, text)
    equal(lines, proposal.lines)
    local trim = function(line)
      return vim.trim(line)
    end
    local all = "\n" .. table.concat(vim.tbl_map(trim, block), "\n") .. "\n"
    local part = "\n" .. table.concat(vim.tbl_map(trim, lines), "\n") .. "\n"
    assert(#lines == 0 or all:find(part, 1, true), "the lines are not those of the block")
    shorter = shorter + (#lines < #block and 1 or 0)
    replaced = replaced + (again and 1 or 0)
  end
  -- Both happen, or the test says little.
  assert(shorter > CASES / 10 and replaced > CASES / 100, ("%d, %d"):format(shorter, replaced))
end

return T
