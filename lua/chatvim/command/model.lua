-- SPDX-License-Identifier: Apache-2.0
-- Sets the model of a chat, by name or from a list.
local M = {}

local api = vim.api
local numbers = require("chatvim.view.numbers")

--- Timeout for completion, in ms.
local COMPLETE_LIMIT = 1000
--- How long the names for completion are cached, in ms.
local KEEP = 30000
--- A model that can be chosen.
---@class chatvim.Model
---@field name string PROVIDER/NAME
---@field setting string the value to write into the front matter
---@field current boolean
---@field context? integer tokens
---@field price? { input: number, output: number } dollars per million tokens

--- Sets the model of a buffer's chat, or shows why it cannot.
---@param buf integer
---@param name string
function M.set(buf, name)
  require("chatvim.command.front_matter").set(buf, "set_model", { model = name }, "model: " .. name)
end

--- Shows the models to choose from, and sets the chosen one.
---@param buf integer
function M.pick(buf)
  if not require("chatvim.command.front_matter").can_edit(buf) then
    return
  end
  require("chatvim.program.query").ask("models", buf, function(err, models, level)
    if err then
      require("chatvim.notify").show(err, level)
      return
    end
    local width = 0
    for _, model in ipairs(models) do
      width = math.max(width, api.nvim_strwidth(model.name))
    end
    vim.ui.select(models, {
      prompt = "Model:",
      kind = "chatvim-model",
      format_item = function(model)
        return M.format(model, width)
      end,
    }, function(model)
      if model and api.nvim_buf_is_loaded(buf) then
        M.set(buf, model.setting)
      end
    end)
  end)
end

--- Formats a model as one line: a mark if it is the chat's, name, context and price.
---@param model chatvim.Model
---@param width integer the width of the longest name in cells
---@return string
function M.format(model, width)
  local parts =
    { (model.current and "* " or "  ") .. require("chatvim.view.printable").show(model.name) }
  local padding = (" "):rep(width - api.nvim_strwidth(model.name))
  if type(model.context) == "number" then
    table.insert(parts, ("%s%5s"):format(padding, numbers.short(model.context)))
    padding = ""
  end
  local price = model.price
  if type(price) == "table" then
    table.insert(parts, ("%s$%g / $%g per M"):format(padding, price.input, price.output))
  end
  return table.concat(parts, "  ")
end

---@type { names: string[], at: integer }?
local cached

--- Returns the names that begin with the typed text, with or without their provider.
---@param lead string
---@return string[]
function M.complete(lead)
  if not cached or vim.uv.now() - cached.at > KEEP then
    local buf = api.nvim_get_current_buf()
    local models = require("chatvim.program.query").wait("models", buf, COMPLETE_LIMIT)
    if type(models) ~= "table" then
      return {}
    end
    local names = {}
    for _, model in ipairs(models) do
      table.insert(names, model.name)
    end
    cached = { names = names, at = vim.uv.now() }
  end
  return vim.tbl_filter(function(name)
    return vim.startswith(name, lead) or vim.startswith(name:match("/(.*)$") or "", lead)
  end, cached.names)
end

return M
