-- SPDX-License-Identifier: Apache-2.0
-- Compares the proposal of a review with its base, while it arrives and again from its start.
local M = {}

local accepted = require("chatvim.review.accepted")
local streams = require("chatvim.review.stream")

--- Compares what has arrived of the proposal since the last settled line.
---@param review chatvim.Review
---@return chatvim.Change[]? settled more of them; nil: nothing was compared
---@return chatvim.Change[] tail
function M.more(review)
  local complete, stopped = review.complete, review.cut ~= nil
  return streams.update(review.stream, review.base, review.lines, complete, stopped)
end

--- Forgets the changes, so that the whole proposal is compared the next time.
---@param review chatvim.Review
function M.forget(review)
  review.changes, review.tail = {}, {}
  review.stream = streams.new()
  accepted.outdate(review)
end

--- Takes back what the user has undone of the accepted changes.
---@param review chatvim.Review
function M.restore(review)
  if accepted.restore(review) then
    M.forget(review)
    local settled, tail = M.more(review)
    review.changes, review.tail = settled or {}, tail
  end
end

return M
