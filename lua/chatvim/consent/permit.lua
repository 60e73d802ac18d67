-- SPDX-License-Identifier: Apache-2.0
-- The user's permissions for one request, for a buffer, and for the rest of this session. The
-- program stores permanent ones.
local M = {}

local state = require("chatvim.chat.state")

--- The permissions for one request.
---@class chatvim.Permit
---@field wanted table<string, true> files whose buffers' text the program wants
---@field shows? boolean the request is only shown

---@type string[] `.chatvim.md` files that are excluded in this session
local without = {}
---@type string[] files, folders and demands allowed in this session
local allowed = {}

--- Returns an empty permit for a new request.
---@return chatvim.Permit
function M.none()
  return { wanted = {} }
end

--- Returns what the user has allowed for this session, in the form of the protocol's `allow`.
---@return string[]
function M.allowed()
  return allowed
end

--- Returns the `.chatvim.md` files that the user has excluded for this session.
---@return string[]
function M.left_out()
  return without
end

--- Returns the marks of secrets that may be sent with a buffer's chat.
---@param buf integer
---@return string[]
function M.confirmed(buf)
  local chat = state.find(buf)
  local own = chat and chat.secrets or {}
  -- An exchange sends what its source has.
  local source = chat and chat.exchange and state.find(chat.exchange.source)
  return source and vim.list_extend(vim.list_slice(own), source.secrets or {}) or own
end

--- Adds the texts that the program wants before it can send a chat.
---@param permit chatvim.Permit
---@param paths any the protocol's `unsaved`
---@return boolean more false if there are no new ones
function M.want(permit, paths)
  local more = false
  for _, path in ipairs(type(paths) == "table" and paths or {}) do
    more = more or not permit.wanted[path]
    permit.wanted[path] = true
  end
  return more
end

--- Allows something for this session.
---@param what string[] paths, or names of demands
function M.allow_now(what)
  vim.list_extend(allowed, what)
end

--- Excludes a `.chatvim.md` for this session.
---@param path string
function M.leave_out(path)
  table.insert(without, path)
end

--- Allows secrets to be sent with a buffer's chat until its text is unloaded.
---@param buf integer
---@param marks string[]
function M.confirm(buf, marks)
  local chat = state.attach(buf)
  chat.secrets = vim.list_extend(chat.secrets or {}, marks)
end

return M
