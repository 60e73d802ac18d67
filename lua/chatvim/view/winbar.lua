-- SPDX-License-Identifier: Apache-2.0
-- The line at the top of windows with a chat: the model and what goes on, or how large the chat is
-- and what its last answer took.
local M = {}

local api = vim.api
local local_options = require("chatvim.view.local_options")

--- What 'winbar' is set to.
M.EXPRESSION = "%{%v:lua.require'chatvim'.winbar()%}"

--- Sets 'winbar' in the windows of a chat, but where the user has one.
---@param buf integer
function M.attach(buf)
  local_options.set(buf, "winbar", function(win)
    if api.nvim_get_option_value("winbar", { win = win }) == "" then
      -- An error where the window has no line to spare.
      pcall(local_options.put, win, "winbar", M.EXPRESSION)
    end
  end)
end

---@param text string
---@return string?
local function some(text)
  return text ~= "" and text or nil
end

--- The text for a buffer, in the notation of 'statusline'.
---@param buf integer
---@return string
function M.text(buf)
  local model = require("chatvim.chat.outline").model(buf)
  model = model and require("chatvim.view.printable").name(model)
  local doing = require("chatvim.view.status").of(buf)
  local name = model and model:match("/(.*)$")
  if name and vim.startswith(doing, name .. " ") then
    doing = doing:sub(#name + 2)
  elseif doing ~= "" then
    -- It names the model itself where that is known.
    model = nil
  end
  local parts = { model }
  if doing == "" then
    local size = require("chatvim.embed.show").size(buf)
    parts[#parts + 1] = size and require("chatvim.view.size").short(size)
    doing = require("chatvim.view.usage").last(buf)
  end
  parts[#parts + 1] = some(doing)
  local text = require("chatvim.view.printable").show(table.concat(parts, " · "))
  return (" " .. text:gsub("%%", "%%%%"))
end

return M
