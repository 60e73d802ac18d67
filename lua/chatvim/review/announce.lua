-- SPDX-License-Identifier: Apache-2.0
-- Says that there are changes to review if the line with their keys is not on the screen, as below
-- a change that is taller than the window.
local M = {}

local api = vim.api
local choose = require("chatvim.review.choose")
local display = require("chatvim.review.display")

--- Whether a window of this tab page shows the keys of the current change.
---@param review chatvim.Review
---@return boolean
local function is_shown(review)
  local item = review.placed[review.current]
  for _, win in ipairs(item and api.nvim_tabpage_list_wins(0) or {}) do
    local shown = api.nvim_win_get_buf(win) == review.buf
      and api.nvim_win_call(win, function()
        -- The cursor may have moved since the last redraw: this scrolls the window.
        vim.fn.winline()
        return choose.shows_keys(review, item)
      end)
    if shown then
      return true
    end
  end
  return item == nil
end

--- Returns the keys, as they are mapped, with what they do.
---@param buf integer
---@return string
local function keys(buf)
  local parts = {
    display.key(buf, "accept", "ChatvimAccept") .. " accepts",
    display.key(buf, "refuse", "ChatvimRefuse") .. " refuses",
  }
  local next_key = require("chatvim.keys").mapped(buf, "n", "next-change")
  table.insert(parts, next_key and next_key .. " goes to the next one")
  return table.concat(parts, ", ")
end

--- Returns what to say, or nil if the user sees the keys.
---@param review chatvim.Review
---@return string?
function M.text(review)
  local count = #review.placed
  if review.over or count == 0 or is_shown(review) then
    return
  end
  local text = count == 1 and "1 change to review" or ("%d changes to review"):format(count)
  if api.nvim_get_current_buf() == review.buf then
    return ("%s: %s"):format(text, keys(review.buf))
  end
  local name = vim.fn.fnamemodify(api.nvim_buf_get_name(review.buf), ":~:.")
  return ("%s in %s"):format(text, name ~= "" and name or "a buffer without a name")
end

--- Says it soon, when the windows are as the update has left them.
---@param review chatvim.Review
function M.show(review)
  vim.schedule(function()
    local text = M.text(review)
    if text then
      require("chatvim.notify").show(text, "info")
    end
  end)
end

return M
