-- SPDX-License-Identifier: Apache-2.0
-- Reads the proposal of a rewrite again after its chat has changed, so that the review never mixes
-- two versions of it.
local M = {}

local proposals = require("chatvim.rewrite.proposal")
local reviews = require("chatvim.review")

--- If the proposal has become another, checks that what the review has settled is in it still, and
--- starts the review anew if not: the two must not be mixed.
---@param rewrite chatvim.Rewrite that has read its proposal
---@param ended boolean
---@return boolean ready false: the lines that the review has settled have not all arrived again
function M.resume(rewrite, ended)
  local proposal = rewrite.proposal
  local shown, lines = rewrite.shown or proposal.replaced, proposal.lines
  rewrite.shown, proposal.replaced = shown, nil
  if not shown then
    return true
  end
  local settled = rewrite.review.stream.new
  local count = math.min(settled, #lines)
  local is_same = vim.deep_equal(vim.list_slice(shown, 1, count), vim.list_slice(lines, 1, count))
  if is_same and count < settled and not ended then
    return false
  elseif not is_same or count < settled then
    reviews.restart(rewrite.review)
  end
  rewrite.shown = nil
  return true
end

--- Reads the answer from its start, the next time.
---@param rewrite chatvim.Rewrite
function M.again(rewrite)
  local proposal = rewrite.proposal
  rewrite.shown = rewrite.shown or proposal.replaced or proposal.lines
  rewrite.proposal = rewrite.restart()
end

--- Returns the proposal of an answer that is not whole, without lines that may only repeat what
--- surrounds the range.
---@param rewrite chatvim.Rewrite
---@return string[]
function M.part(rewrite)
  rewrite.cut_row = rewrite.proposal.ended
  if rewrite.cut_row then
    -- The program closes a block that was cut off. Its last line is perhaps not complete.
    M.again(rewrite)
    proposals.read(rewrite.proposal, false, rewrite.cut_row - 1)
  end
  local lines = vim.list_slice(rewrite.proposal.lines)
  lines[#lines + 1] = proposals.partial(rewrite.proposal)
  return lines
end

return M
