-- SPDX-License-Identifier: Apache-2.0
-- The dry run: the request that would be sent, in a scratch buffer.
local M = {}

local api = vim.api

local namespace = api.nvim_create_namespace("chatvim.request")

--- Shows the request that the chat in a buffer would make, or why there is none.
---@param buf integer
---@param permit? chatvim.Permit what a person has allowed for it
function M.show(buf, permit)
  local consent = require("chatvim.consent")
  permit = permit or consent.none()
  permit.shows = true
  local query = require("chatvim.query")
  query.ask_whole("request", buf, permit, function(map)
    local err, value, level = query.read(map)
    if not err then
      M._show(tostring(value), map.size)
      if type(map.demand) == "string" then
        require("chatvim.notify").show(map.demand, "warn")
      end
    elseif not consent.ask(buf, map, permit, function()
      M.show(buf, permit)
    end) then
      require("chatvim.notify").show(err, level)
    end
  end)
end

--- Shows JSON text in a scratch buffer below, and beside it how large the request is.
---@param json string
---@param size any
function M._show(json, size)
  -- No window can be opened from the command-line window: the request is shown once that is closed.
  if vim.fn.getcmdwintype() ~= "" then
    api.nvim_create_autocmd("CmdwinLeave", {
      once = true,
      desc = "Chatvim: show the request that was asked for",
      callback = vim.schedule_wrap(function()
        M._show(json, size)
      end),
    })
    return
  end
  local scratch = api.nvim_create_buf(false, true)
  api.nvim_buf_set_lines(scratch, 0, -1, true, vim.split(json, "\n", { plain = true }))
  vim.bo[scratch].bufhidden = "wipe"
  vim.bo[scratch].modifiable = false
  api.nvim_open_win(scratch, true, { split = "below", win = 0 })
  vim.bo[scratch].filetype = "json"
  local words = require("chatvim.size").words(size)
  if words then
    local chunks = { { "// " .. words, "ChatvimUsage" } }
    api.nvim_buf_set_extmark(scratch, namespace, 0, 0, { virt_text = chunks })
  end
end

return M
