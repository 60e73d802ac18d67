-- SPDX-License-Identifier: Apache-2.0
-- Describes the size of a chat.
local M = {}

local numbers = require("chatvim.view.numbers")

--- The program's estimate of a chat's input.
---@class chatvim.Size
---@field tokens integer
---@field context? integer the model's context window in tokens
---@field price? number of the input, in US dollars

--- Parses a size from the program; returns nil if it is invalid.
---@param value any
---@return chatvim.Size?
function M.read(value)
  local tokens = type(value) == "table" and tonumber(value.tokens)
  if not tokens then
    return
  end
  local context = tonumber(value.context)
  return {
    tokens = tokens,
    context = context and context > 0 and context or nil,
    price = tonumber(value.price),
  }
end

--- Describes a size, such as "about 12,300 of 200,000 tokens, $0.0369".
---@param value any the protocol's `size`
---@return string?
function M.words(value)
  local size = M.read(value)
  if not size then
    return
  end
  local words = ("about %s tokens"):format(numbers.count(size.tokens))
  if size.context then
    words = ("about %s of %s tokens"):format(
      numbers.count(size.tokens),
      numbers.count(size.context)
    )
  end
  if size.price then
    words = ("%s, %s"):format(words, numbers.price(size.price))
  end
  return words
end

--- Describes a size briefly, without the price: "about 12K of 200K tokens".
---@param size chatvim.Size
---@return string
function M.short(size)
  local tokens = numbers.short(size.tokens)
  if size.context then
    return ("about %s of %s tokens"):format(tokens, numbers.short(size.context))
  end
  return ("about %s token%s"):format(tokens, size.tokens == 1 and "" or "s")
end

return M
