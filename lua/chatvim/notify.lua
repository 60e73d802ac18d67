-- SPDX-License-Identifier: Apache-2.0
-- Shows a message once, without ever asking for Enter.
local M = {}

local api = vim.api
local HIGHLIGHTS = { error = "ErrorMsg", warn = "WarningMsg", info = "None" }

--- Shows a message. The whole text goes into `:messages`; what fits one screen line is on the
--- screen.
---@param message string
---@param level? "info"|"warn"|"error"
function M.show(message, level)
  level = HIGHLIGHTS[level] and level or "error"
  local text = "chatvim: " .. message
  if vim.in_fast_event() then
    vim.schedule(function()
      M._show(text, level)
    end)
  else
    M._show(text, level)
  end
end

---@param text string
---@param level "info"|"warn"|"error"
function M._show(text, level)
  if not M._is_builtin(vim.notify) then
    vim.notify(text, vim.log.levels[level:upper()], { title = "chatvim" })
    return
  end
  -- In the command line, at a prompt and at Enter a message would scroll what the user looks at:
  -- it waits.
  if api.nvim_get_mode().mode:find("^[cr!]") then
    vim.defer_fn(function()
      M._show(text, level)
    end, 100)
    return
  end
  local highlight = HIGHLIGHTS[level]
  api.nvim_echo({ { text, highlight } }, true, {})
  if #api.nvim_list_uis() == 0 then
    return
  end
  local short = M._fit(text)
  if short ~= text then
    -- The redraw takes away the wish for Enter that a text of several lines leaves behind.
    pcall(vim.cmd.redraw)
    api.nvim_echo({ { short, highlight } }, false, {})
  end
end

--- True for Neovim's own `vim.notify`, which would ask for Enter; a plugin's shows any text in
--- its own way.
---@param notify function
---@return boolean
function M._is_builtin(notify)
  -- Neovim's Lua is compiled in: 0.10 names it "@vim/…", later ones strip the name.
  local source = debug.getinfo(notify, "S").source
  return source == "?" or source == "=?" or source:find("^@vim/") ~= nil
end

--- As much of the text as one screen line holds beside the ruler and the typed command.
---@param text string
---@return string
function M._fit(text)
  local line = text:gsub("%s*\n%s*", " ")
  local width = vim.v.echospace
  if api.nvim_strwidth(line) <= width then
    return line
  end
  local count = math.min(vim.fn.strchars(line), width)
  while count > 0 and api.nvim_strwidth(vim.fn.strcharpart(line, 0, count)) > width - 1 do
    count = count - 1
  end
  return vim.fn.strcharpart(line, 0, count) .. "…"
end

return M
