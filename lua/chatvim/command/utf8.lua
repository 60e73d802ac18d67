-- SPDX-License-Identifier: Apache-2.0
-- Checks and repairs UTF-8 (RFC 3629, section 4).
local M = {}

--- What stands for a byte that belongs to no character.
local REPLACEMENT = "\239\191\189"

--- Returns a pattern that matches one valid character.
---@return vim.lpeg.Pattern
local function character()
  local P, R = vim.lpeg.P, vim.lpeg.R
  local tail = R("\128\191")
  return R("\0\127")
    + R("\194\223") * tail
    + P("\224") * R("\160\191") * tail
    + (R("\225\236") + R("\238\239")) * tail * tail
    + P("\237") * R("\128\159") * tail
    + P("\240") * R("\144\191") * tail * tail
    + R("\241\243") * tail * tail * tail
    + P("\244") * R("\128\143") * tail * tail
end

---@type vim.lpeg.Pattern?
local whole
---@type vim.lpeg.Pattern?
local repaired

--- Whether a text is valid UTF-8.
---@param text string
---@return boolean
function M.is_valid(text)
  if not text:find("[\128-\255]") then
    return true
  end
  whole = whole or character() ^ 0 * -1
  return whole:match(text) ~= nil
end

--- Returns the text with U+FFFD for each byte that belongs to no character.
---@param text string
---@return string
function M.repair(text)
  if M.is_valid(text) then
    return text
  end
  repaired = repaired or vim.lpeg.Cs((character() + vim.lpeg.P(1) / REPLACEMENT) ^ 0)
  return repaired:match(text)
end

return M
