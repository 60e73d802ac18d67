-- SPDX-License-Identifier: Apache-2.0
-- Chats whose last answer is continued.
local case = require("helpers.case")
local replies = require("helpers.replies")

local M = {}

--- Opens a chat that holds exactly `text`.
---@param child tests.Child
---@param text string
---@param name? string
---@return integer buf
function M.chat(child, text, name)
  return child:chat(text .. "\n", name)
end

--- Continues, and waits for the end.
---@param child tests.Child
---@return table data of the event
function M.run(child)
  return child:complete("ChatvimComplete!")
end

--- Continues, up to the point where the server waits before its first text.
---@param child tests.Child
---@param pieces string[]
function M.begin(child, pieces)
  child:begin("ChatvimComplete!", case.standin, replies.gated(pieces))
end

return M
