-- SPDX-License-Identifier: Apache-2.0
-- Shows a message once, without ever asking for Enter.
local M = {}

local api = vim.api
--- So long a message waits where the screen has no line for it, in milliseconds.
local SETTLE = 100
--- The longest message that is shown whole, in bytes. The program's own are shorter.
local LONGEST = 8192
local HIGHLIGHTS = { error = "ErrorMsg", warn = "WarningMsg", info = "None" }

--- A message without the middle of a very long one: its ends say what it is and what to do.
---@param text string
---@return string
local function limit(text)
  if #text <= LONGEST then
    return text
  end
  local head = vim.fn.strcharpart(text:sub(1, LONGEST / 2), 0, LONGEST)
  local first = #text - LONGEST / 2
  while text:byte(first) >= 0x80 and text:byte(first) < 0xC0 do
    first = first + 1
  end
  return head:gsub("[\192-\255][\128-\191]*$", "") .. " … " .. text:sub(first)
end

--- Echoes one line. The redraw before it makes it overwrite the line that stands there: it would
--- scroll otherwise, and then Neovim would ask for Enter.
---@param line string
---@param highlight string
---@param history boolean
local function echo(line, highlight, history)
  pcall(vim.cmd.redraw)
  api.nvim_echo({ { line, highlight } }, history, {})
end

--- True for Neovim's own `vim.notify`, which would ask for Enter; a plugin's shows any text in
--- its own way.
---@param notify any a function, or a table that can be called, as nvim-notify is
---@return boolean
local function is_builtin(notify)
  if type(notify) ~= "function" then
    return false
  end
  -- Neovim's Lua is compiled in: 0.10 names it "@vim/…", later ones strip the name.
  local source = debug.getinfo(notify, "S").source
  return source == "?" or source == "=?" or source:find("^@vim/") ~= nil
end

--- As many characters of the text as fit into `width` cells, but at least one.
---@param text string
---@param width integer
---@return string
local function cut(text, width)
  local count = math.min(vim.fn.strchars(text), width)
  while count > 1 and api.nvim_strwidth(vim.fn.strcharpart(text, 0, count)) > width do
    count = count - 1
  end
  return vim.fn.strcharpart(text, 0, math.max(count, 1))
end

--- The text's beginning with an ellipsis, in one line.
---@param text string
---@param width integer
---@return string
local function fit(text, width)
  return cut((text:gsub("%s+", " ")), width - 1) .. "…"
end

---@param text string
---@param level "info"|"warn"|"error"
local function show_now(text, level)
  if not is_builtin(vim.notify) then
    local ok = pcall(vim.notify, text, vim.log.levels[level:upper()], { title = "chatvim" })
    if not ok then
      -- Whatever the plugin does not like: the message is not lost, and neither is who sent it.
      api.nvim_echo({ { text, HIGHLIGHTS[level] } }, true, {})
    end
    return
  end
  -- In the command line, at a prompt and at Enter a message would scroll what the user looks at:
  -- it waits.
  if api.nvim_get_mode().mode:find("^[cr!]") then
    vim.defer_fn(function()
      show_now(text, level)
    end, SETTLE)
    return
  end
  local highlight = HIGHLIGHTS[level]
  if #api.nvim_list_uis() == 0 then
    api.nvim_echo({ { text, highlight } }, true, {})
    return
  end
  local parts = M.wrap(text, vim.v.echospace)
  for _, part in ipairs(parts) do
    echo(part, highlight, true)
  end
  if #parts > 1 then
    echo(fit(text, vim.v.echospace), highlight, false)
  end
end

--- Shows a message. The whole text goes into `:messages`; what fits one screen line is on the
--- screen.
---@param message string
---@param level? "info"|"warn"|"error"
function M.show(message, level)
  level = HIGHLIGHTS[level] and level or "error"
  local text = "chatvim: " .. limit(require("chatvim.view.printable").show(message, true))
  local function show()
    show_now(text, level)
  end
  if vim.in_fast_event() then
    vim.schedule(show)
  elseif vim.o.cmdheight == 0 and #api.nvim_list_uis() > 0 and is_builtin(vim.notify) then
    -- There any message of a command that was typed asks for Enter, and the next redraw of the last
    -- window takes one away, as after a file was opened: it comes when both are over.
    vim.defer_fn(show, SETTLE)
  else
    show_now(text, level)
  end
end

--- The text in lines no wider than `width` cells, broken between words where that can be done.
---@param text string
---@param width integer
---@return string[]
function M.wrap(text, width)
  local parts, line = {}, ""
  for word in text:gmatch("%S+") do
    local longer = line == "" and word or (line .. " " .. word)
    if line ~= "" and api.nvim_strwidth(longer) > width then
      table.insert(parts, line)
      longer = word
    end
    while api.nvim_strwidth(longer) > width do
      local head = cut(longer, width)
      table.insert(parts, head)
      longer = longer:sub(#head + 1)
    end
    line = longer
  end
  table.insert(parts, line)
  return parts
end

return M
