-- SPDX-License-Identifier: Apache-2.0
-- Replies of the stand-in that many tests use.
local M = {}

--- A call as a model makes it.
---@class tests.Call
---@field id string
---@field name string on the wire, such as "files__read"
---@field arguments table|string

---@param delta table
---@return table
local function chunk(delta)
  local choice = { index = 0, delta = delta, finish_reason = vim.NIL }
  return { event = { object = "chat.completion.chunk", choices = { choice } } }
end

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

--- Returns the arguments of a call as the model writes them.
---@param call tests.Call
---@return string
function M.arguments(call)
  local arguments = call.arguments
  if type(arguments) == "table" then
    -- Neovim 0.10 escapes slashes.
    arguments = vim.json.encode(arguments):gsub("\\/", "/")
  end
  return arguments
end

--- Returns a reply that calls tools, after a text if there is one.
---@param calls tests.Call[]
---@param text? string
---@param usage? boolean with the tokens that it took
---@return table
function M.calls(calls, text, usage)
  local steps = {}
  if text then
    table.insert(steps, { deltas = { split = text } })
  end
  for index, call in ipairs(calls) do
    local arguments = M.arguments(call)
    local begin = { name = call.name, arguments = "" }
    local first = { index = index - 1, id = call.id, type = "function", ["function"] = begin }
    table.insert(steps, chunk({ tool_calls = { first } }))
    -- In two pieces, as servers stream them.
    local half = math.floor(#arguments / 2)
    for _, piece in ipairs({ arguments:sub(1, half), arguments:sub(half + 1) }) do
      local more = { index = index - 1, ["function"] = { arguments = piece } }
      table.insert(steps, chunk({ tool_calls = { more } }))
    end
  end
  table.insert(steps, { finish = "tool_calls", usage = usage })
  return { steps = steps }
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
