-- SPDX-License-Identifier: Apache-2.0
-- Sets the model of a chat, by name or from a list. The program determines the edit, because only
-- it parses the languages of front matter.
local M = {}

local api = vim.api
local numbers = require("chatvim.view.numbers")

--- Timeout for completion, in ms.
local COMPLETE_LIMIT = 1000
--- How long the names for completion are cached, in ms.
local KEEP = 30000
--- Retry limit when the front matter changes before the program has replied.
local TRIES = 3

--- A model that can be chosen.
---@class chatvim.Model
---@field name string PROVIDER/NAME
---@field setting string the value to write into the front matter
---@field current boolean
---@field context? integer tokens
---@field price? { input: number, output: number } dollars per million tokens

--- Returns the text that an edit of the front matter depends on. A running answer changes only the
--- rest.
---@param buf integer
---@return string
local function front_matter(buf)
  local lines = api.nvim_buf_get_lines(buf, 0, -1, true)
  local front = require("chatvim.chat.detect").front_matter(lines)
  return table.concat(#front > 0 and front or { lines[1] }, "\n")
end

--- Sets the model of a buffer's chat, or shows why it cannot.
---@param buf integer
---@param name string
---@param tries? integer
function M.set(buf, name, tries)
  local refusal = require("chatvim.chat.refusal").of_edit(buf)
  if refusal then
    require("chatvim.notify").show(refusal, "warn")
    return
  end
  local before = front_matter(buf)
  require("chatvim.program.query").ask("set_model", buf, function(err, edit, level)
    if not api.nvim_buf_is_loaded(buf) then
      return
    end
    tries = tries or TRIES
    if not err and front_matter(buf) ~= before then
      if tries > 1 then
        return M.set(buf, name, tries - 1)
      end
      err, level = "the front matter keeps changing; set its model by hand", "warn"
    end
    if not err and (edit.last > edit.first or #edit.lines > 0) then
      err = require("chatvim.chat.buffer").replace(buf, edit.first, edit.last, edit.lines)
      require("chatvim.chat.outline").refresh(buf)
    end
    require("chatvim.notify").show(err or ("model: " .. name), err and level or "info")
  end, { model = name })
end

--- Shows the models to choose from, and sets the chosen one.
---@param buf integer
function M.pick(buf)
  local refusal = require("chatvim.chat.refusal").of_edit(buf)
  if refusal then
    require("chatvim.notify").show(refusal, "warn")
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
