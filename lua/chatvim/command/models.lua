-- SPDX-License-Identifier: Apache-2.0
-- `:ChatvimComplete MODEL…`: one answer by another model than the chat's, or several side by side.
local M = {}

local notify = require("chatvim.notify")

--- Returns why the models cannot be asked together, or nil.
---@param names string[]
---@param continues boolean
---@return string?
local function refusal(names, continues)
  local most = require("chatvim.compare").MOST
  if continues then
    return "leave out the `!` or the model: an answer is continued by the chat's own model"
  elseif #names > most then
    return ("name at most %d models; nothing was sent"):format(most)
  end
end

--- Asks models the last question of a chat, or shows why it cannot.
---@param buf integer
---@param names string[] NAME or PROVIDER/NAME
---@param continues boolean with `!`
function M.ask(buf, names, continues)
  local reason = refusal(names, continues)
  if reason then
    notify.show(reason, "warn")
  elseif #names == 1 then
    require("chatvim.chat.running").start(buf, "answer", nil, { model = names[1] })
  else
    require("chatvim.compare").start(buf, names)
  end
end

--- Returns the models to complete a word with, except those that are named already.
---@param lead string
---@param before string[]
---@return string[]
function M.complete(lead, before)
  return vim.tbl_filter(function(name)
    return not vim.list_contains(before, name)
  end, require("chatvim.command.model").complete(lead))
end

return M
