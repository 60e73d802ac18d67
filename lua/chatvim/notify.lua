-- SPDX-License-Identifier: Apache-2.0
-- Shows a message once, without triggering the hit-enter prompt.
local M = {}

local api = vim.api
--- Delay before a message is tried again if the screen has no line for it, in ms.
local SETTLE = 100
--- Longer messages are truncated, in bytes. The program's own are shorter.
local LONGEST = 8192
local HIGHLIGHTS = { error = "ErrorMsg", warn = "WarningMsg", info = "None" }

--- Cuts the middle out of a very long message: its beginning names the problem, its end the remedy.
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

--- Echoes one line. Redrawing first lets it overwrite the previous message; otherwise the screen
--- would scroll and Neovim would show the hit-enter prompt.
---@param line string
---@param highlight string
---@param history boolean
local function echo(line, highlight, history)
  pcall(vim.cmd.redraw)
  api.nvim_echo({ { line, highlight } }, history, {})
end

--- Whether `notify` is Neovim's own, which can trigger the hit-enter prompt. A plugin's shows any
--- text in its own way.
---@param notify any a function, or a table that can be called, as nvim-notify is
---@return boolean
local function is_builtin(notify)
  if type(notify) ~= "function" then
    return false
  end
  -- Neovim's Lua is compiled in: 0.10 names the source "@vim/…", later versions strip the name.
  local source = debug.getinfo(notify, "S").source
  return source == "?" or source == "=?" or source:find("^@vim/") ~= nil
end

--- Returns as many characters of the text as fit into `width` cells, but at least one.
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

--- Returns the beginning of the text on one line, with an ellipsis.
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
      -- The plugin failed; echo the message, which names its sender, so that it is not lost.
      api.nvim_echo({ { text, HIGHLIGHTS[level] } }, true, {})
    end
    return
  end
  -- Wait: in the command line or at a prompt, a message would scroll the text that the user is
  -- looking at.
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

--- Shows a message. `:messages` has the whole text; the screen shows as much as fits on one line.
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
    -- With 'cmdheight' 0, any message of a typed command triggers the hit-enter prompt, and the
    -- next redraw of the last window, such as after opening a file, erases it. Show it after both.
    vim.defer_fn(show, SETTLE)
  else
    show_now(text, level)
  end
end

--- Wraps a text into lines of at most `width` cells, breaking between words if possible.
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
