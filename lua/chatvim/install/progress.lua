-- SPDX-License-Identifier: Apache-2.0
-- Shows progress on a single line, because a second line would make Neovim wait for Enter.
local callers = require("chatvim.install.caller")

local M = {}

--- Percent between progress lines without a UI, where every line stays.
local STEP = 10

--- Shows a line of text.
---@param text string
---@param passing? boolean temporary progress, not kept
local function show(text, passing)
  local kind = callers.kind()
  if kind == "lazy" then
    -- lazy.nvim shows trace messages as the task's state and does not keep them in its log.
    local level = passing and #vim.api.nvim_list_uis() > 0 and vim.log.levels.TRACE or nil
    callers.yield({ msg = text, level = level or vim.log.levels.DEBUG })
  elseif kind == "coroutine" then
    callers.yield(text)
  elseif #vim.api.nvim_list_uis() == 0 then
    -- Not to standard output, which may be an RPC channel.
    io.stderr:write(text .. "\n")
  else
    -- Clear the previous message, or the two would take two lines.
    vim.cmd.redraw()
    vim.api.nvim_echo({ { M.fit(text, vim.v.echospace) } }, not passing, {})
    vim.cmd.redraw()
  end
end

--- Truncates a text to at most `columns` display columns.
---@param text string
---@param columns integer
---@return string
function M.fit(text, columns)
  if vim.fn.strdisplaywidth(text) <= columns then
    return text
  end
  return vim.fn.printf(("%%.%dS"):format(math.max(columns - 1, 0)), text) .. "…"
end

--- Shows a message that stays in `:messages`.
---@param text string
function M.say(text)
  show(text)
end

--- Parses the progress of ninja ("[84/175] …") or make ("[ 48%] …").
---@param line string
---@return integer? percent
---@return string? left
function M.parse(line)
  local done, total = line:match("^%[(%d+)/(%d+)%]")
  if done and tonumber(total) > 0 then
    local left = tonumber(total) - tonumber(done)
    return math.floor(100 * done / total), (" (%d of %s files left)"):format(left, total)
  end
  local percent = line:match("^%[ *(%d+)%%%]")
  return percent and tonumber(percent) or nil, percent and "" or nil
end

--- Returns a function that takes the lines of a build and shows each new percentage.
---@return fun(line: string)
function M.builder()
  local shown = -1
  return function(line)
    local percent, left = M.parse(line)
    local step = #vim.api.nvim_list_uis() > 0 and 1 or STEP
    if percent and percent >= shown + step then
      shown = percent - percent % step
      show(("chatvim: building %d %%%s"):format(percent, left), true)
    end
  end
end

--- Shows a step that has no percentage.
---@param text string
function M.step(text)
  show(text, true)
end

return M
