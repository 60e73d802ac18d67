-- SPDX-License-Identifier: Apache-2.0
-- The winbar of windows with a chat: the model and the progress, or the size of the chat and the
-- usage of its last answer.
local M = {}

local api = vim.api
local local_options = require("chatvim.view.local_options")

--- The value of 'winbar'.
M.EXPRESSION = "%{%v:lua.require'chatvim'.winbar()%}"

--- Sets 'winbar' in the windows of a chat, except where the user has set it.
---@param buf integer
function M.attach(buf)
  local_options.set(buf, "winbar", function(win)
    if api.nvim_get_option_value("winbar", { win = win }) == "" then
      -- Fails if the window is too low.
      pcall(local_options.put, win, "winbar", M.EXPRESSION)
    end
  end)
end

---@param text string
---@return string?
local function some(text)
  return text ~= "" and text or nil
end

--- Returns the winbar text for a buffer, escaped for 'statusline' syntax.
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
    -- The status itself names the model if it is known.
    model = nil
  end
  local parts = { model }
  if doing == "" then
    -- Answers side by side have narrow windows, and chats of the same size.
    local chat = require("chatvim.chat.state").find(buf)
    local compared = chat and chat.comparison
    local size = not compared and require("chatvim.embed.show").size(buf) or nil
    parts[#parts + 1] = size and require("chatvim.view.size").short(size)
    doing = require("chatvim.view.usage").last(buf)
  end
  parts[#parts + 1] = some(doing)
  local text = require("chatvim.view.printable").show(table.concat(parts, " · "))
  return (" " .. text:gsub("%%", "%%%%"))
end

return M
