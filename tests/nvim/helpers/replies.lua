-- SPDX-License-Identifier: Apache-2.0
-- Replies of the stand-in that many tests use.
local M = {}

--- Returns a complete answer, in deltas of four characters.
---@param text string
---@return table
function M.answer(text)
  return { steps = { { deltas = { split = text, role = true } }, { finish = "stop" } } }
end

--- Returns an answer in pieces, with a gate between them: "g1" before the second, and so on.
---@param pieces string[]
---@param match? table
---@return table
function M.gated(pieces, match)
  local steps = {}
  for index, piece in ipairs(pieces) do
    if index > 1 then
      table.insert(steps, { wait = "g" .. (index - 1) })
    end
    table.insert(steps, { deltas = { text = { piece }, count = 1 } })
  end
  table.insert(steps, { wait = "end" })
  table.insert(steps, { finish = "stop" })
  return { steps = steps, match = match }
end

--- Returns a reply that sends some text and then nothing until the client closes.
---@param text string
---@return table
function M.hanging(text)
  return { steps = { { deltas = { text = { text }, count = 1 } }, { hang = true } } }
end

--- Returns a reply that sends nothing at all until the client closes.
---@return table
function M.silent()
  return { framing = "raw", steps = { { hang = true } } }
end

return M
