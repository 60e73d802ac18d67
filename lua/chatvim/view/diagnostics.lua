-- SPDX-License-Identifier: Apache-2.0
-- Shows errors in the front matter as diagnostics in a chat without a language client, which shows
-- the same ones: before it is attached, and in buffers without a name.
local M = {}

local api = vim.api
local namespace = api.nvim_create_namespace("chatvim")

--- Shows the diagnostics of the front matter, or clears them if there are none.
---@param buf integer
---@param items any the protocol's `items`
function M.show(buf, items)
  local found = {}
  for _, item in ipairs(type(items) == "table" and items or {}) do
    table.insert(found, {
      lnum = math.max((tonumber(item.line) or 1) - 1, 0),
      col = math.max((tonumber(item.column) or 1) - 1, 0),
      severity = item.severity == "warning" and vim.diagnostic.severity.WARN
        or vim.diagnostic.severity.ERROR,
      message = tostring(item.message),
      source = "chatvim",
    })
  end
  if not api.nvim_buf_is_loaded(buf) then
    return
  end
  if #found > 0 and not require("chatvim.lsp.client").find(buf) then
    vim.diagnostic.set(namespace, buf, found)
  else
    -- `set` reads the whole buffer, even for an empty list.
    vim.diagnostic.reset(namespace, buf)
  end
end

return M
