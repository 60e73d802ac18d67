-- SPDX-License-Identifier: Apache-2.0
-- The highlight groups, and delimiter lines in the colours of their roles.
local M = {}

local api = vim.api
local namespace = api.nvim_create_namespace("chatvim.highlight")

--- The groups and what they are linked to.
---@type { name: string, link: string }[]
M.groups = {
  { name = "ChatvimUser", link = "Title" },
  { name = "ChatvimAssistant", link = "Identifier" },
  { name = "ChatvimSystem", link = "PreProc" },
  { name = "ChatvimProgress", link = "Comment" },
  { name = "ChatvimReasoning", link = "Special" },
  { name = "ChatvimUsage", link = "Comment" },
}

---@type table<integer, table<string, string>> groups by line, by buffer
local chats = {}
---@type table<integer, string> groups by row, of the window that is drawn
local rows = {}
local ready = false

--- The delimiter lines of chats that do not set their own, and their groups.
---@param settings table<string, any>
---@return table<string, string>
function M.delimiters(settings)
  return {
    [settings.userDelimiter or "# === USER ==="] = "ChatvimUser",
    [settings.assistantDelimiter or "# === ASSISTANT ==="] = "ChatvimAssistant",
    [settings.systemDelimiter or "# === SYSTEM ==="] = "ChatvimSystem",
  }
end

--- Draws the delimiters of a buffer from now on.
---@param buf integer
---@param settings table<string, any>
function M.attach(buf, settings)
  if chats[buf] then
    return
  end
  M.define()
  chats[buf] = M.delimiters(settings)
  api.nvim_buf_attach(buf, false, {
    on_detach = function()
      chats[buf] = nil
    end,
  })
end

--- Defines the groups, once, and again after a colour scheme has cleared them.
function M.define()
  if ready then
    return
  end
  ready = true
  M._link()
  api.nvim_create_autocmd("ColorScheme", {
    group = api.nvim_create_augroup("chatvim.highlight", {}),
    desc = "Chatvim: link the highlight groups again",
    callback = M._link,
  })
  -- Only the lines on the screen are looked at, so that a long chat costs no more.
  api.nvim_set_decoration_provider(namespace, { on_win = M._on_win, on_line = M._on_line })
end

function M._link()
  for _, group in ipairs(M.groups) do
    api.nvim_set_hl(0, group.name, { link = group.link, default = true })
  end
end

--- Finds the delimiters on the screen; false where there are none.
function M._on_win(_, _, buf, first, last)
  local delimiters = chats[buf]
  if not delimiters then
    return false
  end
  rows = {}
  for index, line in ipairs(api.nvim_buf_get_lines(buf, first, last + 1, false)) do
    local group = delimiters[line]
    if not group and line:find("[ \t]$") then
      group = delimiters[line:match("^(.-)[ \t]*$")]
    end
    rows[first + index - 1] = group
  end
  return next(rows) ~= nil
end

function M._on_line(_, _, buf, row)
  local group = rows[row]
  if group then
    api.nvim_buf_set_extmark(buf, namespace, row, 0, {
      end_row = row + 1,
      hl_group = group,
      ephemeral = true,
      strict = false,
    })
  end
end

return M
