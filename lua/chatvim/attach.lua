-- SPDX-License-Identifier: Apache-2.0
-- What happens when a markdown buffer is opened: default keys, and an early start of the program
-- for a chat.
local M = {}

local api = vim.api

--- As far as this many lines a buffer is looked at to see whether it is a chat.
local LOOK = 500

---@type { lhs: string, plug: string, desc: string }[]
M.keys = {
  {
    lhs = "<Leader>cvc",
    plug = "<Plug>(chatvim-complete)",
    desc = "Chatvim: answer the chat",
  },
  { lhs = "<Leader>cvs", plug = "<Plug>(chatvim-stop)", desc = "Chatvim: stop the answer" },
  { lhs = "<Leader>cvm", plug = "<Plug>(chatvim-model)", desc = "Chatvim: choose the model" },
}

--- Prepares a markdown buffer. Cheap: at most 500 lines are read.
---@param buf integer
function M.attach(buf)
  local config = require("chatvim.config").get()
  if config.keys then
    M._map(buf)
  end
  if vim.bo[buf].buftype ~= "" or not api.nvim_buf_is_loaded(buf) then
    return
  end
  local lines = api.nvim_buf_get_lines(buf, 0, LOOK, false)
  if M.is_chat(lines, config.settings) then
    require("chatvim.highlight").attach(buf, config.settings)
    local text = table.concat(M.front_matter(lines), "\n")
    -- Later, so that the file is on the screen first.
    vim.schedule(function()
      require("chatvim.process").open(text, config.settings)
      -- What the first answer needs is read now, not when it is asked for.
      require("chatvim.chat")
    end)
  end
end

--- True when lines hold a delimiter, or a front matter that names a model.
---@param lines string[]
---@param settings table<string, any>
---@return boolean
function M.is_chat(lines, settings)
  local delimiters = require("chatvim.highlight").delimiters(settings)
  for _, line in ipairs(M.front_matter(lines)) do
    if line:find("^%s*[\"']?model[\"']?%s*[=:]") then
      return true
    end
  end
  for _, line in ipairs(lines) do
    -- `find` first: most lines are prose, and looking one up would mean to trim it.
    if delimiters[line] or (line:find("[ \t]$") and delimiters[(line:gsub("[ \t]+$", ""))]) then
      return true
    end
  end
  return false
end

--- The lines of the front matter with its markers; none when it is not closed within `lines`.
---@param lines string[]
---@return string[]
function M.front_matter(lines)
  local marker = (lines[1] or ""):match("^(%+%+%+)[ \t]*$")
    or (lines[1] or ""):match("^(%-%-%-)[ \t]*$")
  if not marker then
    return {}
  end
  for index = 2, #lines do
    if lines[index]:match("^(.-)[ \t]*$") == marker then
      return vim.list_slice(lines, 1, index)
    end
  end
  return {}
end

--- Maps the default keys that are free, in this buffer only.
---@param buf integer
function M._map(buf)
  local maps = api.nvim_buf_get_keymap(buf, "n")
  vim.list_extend(maps, api.nvim_get_keymap("n"))
  for _, key in ipairs(M.keys) do
    if not M._is_taken(maps, key.lhs) then
      api.nvim_buf_set_keymap(buf, "n", key.lhs, key.plug, { desc = key.desc })
    end
  end
end

--- True when the keys, a beginning of them or a longer row of keys mean something already: ours
--- would change how the user's map works. Our own maps from an earlier call count too.
---@param maps table[]
---@param lhs string
---@return boolean
function M._is_taken(maps, lhs)
  local wanted = api.nvim_replace_termcodes(lhs, true, true, true)
  for _, map in ipairs(maps) do
    local taken = map.lhsraw or map.lhs
    if vim.startswith(taken, wanted) or vim.startswith(wanted, taken) then
      return true
    end
  end
  return false
end

return M
