-- SPDX-License-Identifier: Apache-2.0
-- The dry run: the request that would be sent, in a scratch buffer.
local M = {}

local api = vim.api

--- Shows the request that the chat in a buffer would make, or why there is none.
---@param buf integer
function M.show(buf)
  require("chatvim.query").ask("request", buf, function(err, value, level)
    if err then
      require("chatvim.notify").show(err, level)
    else
      M._show(tostring(value))
    end
  end)
end

--- Shows JSON text in a scratch buffer below.
---@param json string
function M._show(json)
  -- No window can be opened from the command-line window: the request is shown once that is closed.
  if vim.fn.getcmdwintype() ~= "" then
    api.nvim_create_autocmd("CmdwinLeave", {
      once = true,
      desc = "Chatvim: show the request that was asked for",
      callback = vim.schedule_wrap(function()
        M._show(json)
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
