-- SPDX-License-Identifier: Apache-2.0
-- Prompts of :ChatvimRewrite that have a name: the user's presets, and a few built-in ones.
local M = {}

--- More diagnostics are not sent.
local MOST = 50

--- The built-in prompts, by name.
---@type table<string, string>
M.builtin = {
  complete = "Complete this code: write what is missing, such as what comments announce.",
  document = "Document this code: add or correct the comments that its language uses for "
    .. "documentation. Change nothing else.",
  fix = "Fix what is wrong here. Change nothing else.",
  simplify = "Simplify this: make it shorter and easier to read. What it does must stay the same.",
}

--- What to ask for.
---@class chatvim.Rewrite.Prompt
---@field text string the instruction; "" if the preset says it
---@field preset? string the user's preset
---@field diagnoses? boolean the diagnostics of the lines belong to it

--- Returns the sorted names of the prompts.
---@return string[]
function M.names()
  local names = vim.tbl_keys(M.builtin)
  for _, name in ipairs(require("chatvim.command.new").presets()) do
    if not M.builtin[name] then
      table.insert(names, name)
    end
  end
  table.sort(names)
  return names
end

--- Returns the prompt of an instruction. `@NAME` at its start names a preset.
---@param instruction string
---@return chatvim.Rewrite.Prompt? prompt
---@return string? err
function M.read(instruction)
  local name, rest = instruction:match("^%s*@(%S+)%s*(.-)%s*$")
  if not name then
    return { text = vim.trim(instruction) }
  end
  local diagnoses = name == "fix" or nil
  if vim.list_contains(require("chatvim.command.new").presets(), name) then
    return { text = rest, preset = name, diagnoses = diagnoses }
  elseif M.builtin[name] then
    local text = M.builtin[name] .. (rest ~= "" and " " .. rest or "")
    return { text = text, diagnoses = diagnoses }
  end
  local names = "@" .. table.concat(M.names(), ", @")
  return nil, ("there is no preset @%s; there are %s"):format(name, names)
end

--- Returns the diagnostics of lines as items of a markdown list.
---@param buf integer
---@param first integer row from 0
---@param last integer exclusive
---@return string[]
function M.diagnostics(buf, first, last)
  local found = vim.tbl_filter(function(item)
    return item.lnum < last and (item.end_lnum or item.lnum) >= first
  end, vim.diagnostic.get(buf))
  table.sort(found, function(left, right)
    if left.lnum ~= right.lnum then
      return left.lnum < right.lnum
    end
    return left.col < right.col
  end)
  local lines = {}
  for index = 1, math.min(#found, MOST) do
    local item = found[index]
    local severity = (vim.diagnostic.severity[item.severity] or "ERROR"):lower()
    local message = vim.trim((item.message:gsub("[%s%z]+", " ")))
    lines[index] = ("- line %d: %s: %s"):format(item.lnum + 1, severity, message)
  end
  return lines
end

--- Completes the first word of an instruction.
---@param lead string
---@return string[]
function M.complete(lead)
  return vim.tbl_filter(
    function(name)
      return vim.startswith(name, lead)
    end,
    vim.tbl_map(function(name)
      return "@" .. name
    end, M.names())
  )
end

return M
