-- SPDX-License-Identifier: Apache-2.0
-- What the commands do.
local M = {}

local api = vim.api

--- `:ChatvimComplete`
function M.complete()
  require("chatvim.chat").start(api.nvim_get_current_buf())
end

--- `:ChatvimStop`, with `!` for every answer.
---@param all boolean
function M.stop(all)
  local chat = require("chatvim.chat")
  if all then
    if chat.stop_all() == 0 then
      require("chatvim.notify").show("no answer is being written", "info")
    end
  elseif not chat.stop(api.nvim_get_current_buf()) then
    require("chatvim.notify").show("no answer is being written in this buffer", "info")
  end
end

--- `:ChatvimRequest`
function M.request()
  local buf = api.nvim_get_current_buf()
  require("chatvim.query").ask("request", buf, function(err, value, level)
    if err then
      require("chatvim.notify").show(err, level)
    else
      M._show_request(tostring(value))
    end
  end)
end

--- `:ChatvimModel [NAME]`
---@param name string empty: the picker
function M.model(name)
  local model = require("chatvim.model")
  local buf = api.nvim_get_current_buf()
  if name == "" then
    model.pick(buf)
  else
    model.set(buf, name)
  end
end

--- Shows JSON text in a scratch buffer below.
---@param json string
function M._show_request(json)
  -- No window can be opened from the command-line window: the request is shown once that is closed.
  if vim.fn.getcmdwintype() ~= "" then
    api.nvim_create_autocmd("CmdwinLeave", {
      once = true,
      desc = "Chatvim: show the request that was asked for",
      callback = vim.schedule_wrap(function()
        M._show_request(json)
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
end

return M
