-- SPDX-License-Identifier: Apache-2.0
-- Checks that a chat can be sent to each of several models, by the program's dry run, so that an
-- unknown model or a refused permission is noticed before any of them is asked.
local M = {}

local consent = require("chatvim.consent")
local notify = require("chatvim.notify")

--- The check of a list of models.
---@class chatvim.Compare.Check
---@field buf integer the chat
---@field names string[] as the user wrote them
---@field again fun() starts anew, after the user has allowed something
---@field callback fun(models: string[]?) called once, with PROVIDER/NAME of each, or nil after the
---  reason was shown or the user is being asked about it

--- Returns the settings with which a model is asked, which are stronger than the chat's own.
---@param name string
---@return table<string, any>
function M.override(name)
  -- Calls would need the user's attention in several places, and would change things twice.
  return { model = name, tools = {}, reasoning = "hide" }
end

---@param model string
---@param models string[]
---@return string?
local function repeated(model, models)
  if vim.list_contains(models, model) then
    return ("name each model once: %s is there twice"):format(model)
  end
end

---@param check chatvim.Compare.Check
---@param models string[] those that are checked
local function next_model(check, models)
  local name = check.names[#models + 1]
  if not name then
    return check.callback(models)
  end
  local permit = require("chatvim.consent.permit").none()
  local query = require("chatvim.program.query")
  local more = { check = true, asks = consent.can_ask(), override = M.override(name) }
  query.ask_whole("request", check.buf, permit, function(reply)
    local err, model, level = query.read(reply)
    if not err then
      err, level = repeated(model, models), "warn"
    end
    if not err then
      table.insert(models, model)
      return next_model(check, models)
    end
    -- The chat is free again before the user is asked, who may not answer.
    check.callback(nil)
    if not consent.ask(check.buf, reply, permit, check.again) then
      notify.show(err, level)
    end
  end, more)
end

--- Checks the models one after the other, up to the first that cannot be asked.
---@param check chatvim.Compare.Check
function M.run(check)
  next_model(check, {})
end

return M
