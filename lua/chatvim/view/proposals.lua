-- SPDX-License-Identifier: Apache-2.0
-- Tells the user once that an answer has proposed changes of files, with the tool `files.propose`.
local M = {}

local notify = require("chatvim.notify")
local outline = require("chatvim.chat.outline")
local state = require("chatvim.chat.state")

--- Returns the row of the last answer's first line, or nil.
---@param buf integer
---@return integer?
local function last_answer(buf)
  local row
  for _, message in ipairs(outline.messages(buf)) do
    row = message.role == "assistant" and message.last >= message.first and message.first or row
  end
  return row
end

--- Returns how many changes the last answer proposes. A call that failed proposes none.
---@param buf integer
---@return integer
local function count(buf)
  local row, number = last_answer(buf), 0
  for _, step in ipairs(row and outline.steps(buf, row) or {}) do
    local is_proposal = step.kind == "call" and vim.endswith(step.title, ": files.propose")
    if is_proposal and step.outcome ~= "error" then
      number = number + 1
    end
  end
  return number
end

--- Shows how many changes the answer that has just ended proposes, if any.
---@param buf integer
function M.report(buf)
  if state.get(buf).exchange then
    return
  end
  local number = count(buf)
  if number > 0 then
    local text = number == 1 and "1 proposal: :ChatvimApply! shows it"
      or ("%d proposals: :ChatvimApply! shows them"):format(number)
    notify.show(text, "info")
  end
end

return M
