-- SPDX-License-Identifier: Apache-2.0
-- `gf` and related keys on a line that embeds something. The language server says where it leads.
--
-- They are maps rather than 'includeexpr', which Neovim uses only for a name under the cursor as
-- defined by 'isfname', so not for names with spaces or parentheses or with the cursor next to
-- them, and only if 'path' has no file of that name, so that a file in the working folder would
-- win. Where the server says nothing, the maps run Vim's own keys, with the count. Keys that the
-- user has mapped are left alone.
--
-- The map opens the file with an Ex command, so that errors and questions about a swap file or
-- changes appear as they do for `gf`. That would not be so from within Lua.
local M = {}

local api = vim.api
local client = require("chatvim.lsp.client")

--- Vim's own keys by the names of their maps, with the equivalent command.
---@type table<string, { keys: string, command: "edit"|"split"|"tabedit" }>
local KEYS = {
  gf = { keys = "gf", command = "edit" },
  gF = { keys = "gF", command = "edit" },
  wf = { keys = "<C-w>f", command = "split" },
  wF = { keys = "<C-w>F", command = "split" },
  wgf = { keys = "<C-w>gf", command = "tabedit" },
  wgF = { keys = "<C-w>gF", command = "tabedit" },
}

--- The command that `take` returns to the map.
local chosen = ""

--- Returns the keys that a map types: Vim's own, or those that open what is embedded.
---@param name string the map's name
---@return string keys
function M.keys(name)
  local buf = api.nvim_get_current_buf()
  local theirs = require("chatvim.keys").yield(buf, name)
  if theirs then
    api.nvim_feedkeys(vim.keycode(theirs), "mi", false)
    return ""
  end
  -- The server cannot be asked here, where text must not change.
  local may_embed = api.nvim_get_current_line():find("^ ? ? ?!%[.*%]%(.*%)%s*$")
  if not may_embed or not client.is_wanted(buf) then
    return vim.keycode(KEYS[name].keys)
  end
  local command = "<Cmd>execute v:lua.require'chatvim.embed.goto_file'.command('%s')<CR>"
  return vim.keycode(command:format(name))
end

---@param text string
local function report(text)
  require("chatvim.notify").show(text, "error")
end

--- Whether 'autowrite' saves the current buffer when it is left.
---@return boolean
local function is_autowritten()
  local hidden = vim.bo.bufhidden
  local stays = hidden == "hide" or (hidden == "" and vim.o.hidden)
  return vim.o.autowrite and not stays and #vim.fn.win_findbuf(api.nvim_get_current_buf()) < 2
end

--- Returns the buffer of a file, or nil.
---@param path string
---@return integer?
local function buffer(path)
  for _, buf in ipairs(api.nvim_list_bufs()) do
    if api.nvim_buf_get_name(buf) == path then
      return buf
    end
  end
end

--- Returns the window for a buffer according to 'switchbuf', or nil.
---@param buf integer
---@return integer?
local function window(buf)
  local wanted = vim.opt.switchbuf:get()
  local any_tab = vim.tbl_contains(wanted, "usetab")
  if any_tab or vim.tbl_contains(wanted, "useopen") then
    local tab = api.nvim_get_current_tabpage()
    local wins = vim.fn.win_findbuf(buf)
    table.sort(wins, function(left, right)
      return api.nvim_win_get_tabpage(left) == tab and api.nvim_win_get_tabpage(right) ~= tab
    end)
    local win = wins[1]
    return win and (any_tab or api.nvim_win_get_tabpage(win) == tab) and win or nil
  end
end

--- Returns the command that opens a file as a key would.
---@param name string the map's name
---@param place lsp.Location
---@return string
local function open(name, place)
  local path = vim.uri_to_fname(place.uri)
  local range = place.range
  -- Without a range of lines in the embed, the range is empty.
  local line = range["end"].line > range.start.line and range.start.line + 1 or nil
  local command = KEYS[name].command
  local buf = buffer(path)
  local win = command == "split" and buf and window(buf)
  if win then
    local go = line and (" | call cursor(%d, 1)"):format(line) or ""
    return ('execute "normal! m\'" | call win_gotoid(%d)%s'):format(win, go)
  end
  local at = line and "+" .. line
  if not at and command == "edit" and buf and not api.nvim_buf_is_loaded(buf) then
    -- `gf` restores the last cursor position; `:edit` does so only for a loaded file.
    local mark = api.nvim_buf_get_mark(buf, '"')
    at = mark[1] > 1 and ("+call\\ cursor(%d,%d)"):format(mark[1], mark[2] + 1) or nil
  end
  -- `gf` honors 'autowrite'; `:edit` does not.
  local save = command == "edit" and is_autowritten() and "silent! update | " or ""
  return ("%s%s %s %s"):format(save, command, at or "", vim.fn.fnameescape(path))
end

--- Lets the user choose one of the files that a pattern matches.
---@param name string the map's name
---@param places lsp.Location[]
local function choose(name, places)
  local win = api.nvim_get_current_win()
  local folder = vim.fs.dirname(api.nvim_buf_get_name(0)) .. "/"
  vim.ui.select(places, {
    prompt = ("Open one of %d files:"):format(#places),
    kind = "chatvim-file",
    format_item = function(place)
      local path = vim.uri_to_fname(place.uri)
      local inside = vim.startswith(path, folder)
      return require("chatvim.view.printable").show(
        inside and path:sub(#folder + 1) or vim.fn.fnamemodify(path, ":~")
      )
    end,
  }, function(place)
    -- A picker may still be closing its windows.
    vim.schedule(function()
      if place and api.nvim_win_is_valid(win) then
        api.nvim_set_current_win(win)
        chosen = open(name, place)
        local take = "<Cmd>execute v:lua.require'chatvim.embed.goto_file'.take()<CR>"
        api.nvim_feedkeys(vim.keycode(take), "n", false)
      end
    end)
  end)
end

--- Opens the address of a picture on the cursor's line in a browser.
---@return boolean found
local function browse()
  local row = api.nvim_win_get_cursor(0)[1] - 1
  for _, link in ipairs(client.ask("textDocument/documentLink") or {}) do
    if link.range.start.line == row and not vim.startswith(link.target, "file:") then
      local _, err = vim.ui.open(link.target)
      if err then
        report(err)
      end
      return true
    end
  end
  return false
end

--- Handles a line that leads to no file: opens an address, reports what is wrong with an embed, or
--- types Vim's own keys.
---@param name string the map's name
---@param count integer
local function fall_back(name, count)
  if browse() then
    return
  end
  local hover = client.ask("textDocument/hover")
  if hover then
    -- A path may precede the description.
    local why = hover.contents.value:match("([^\n]*)%s*$")
    report(("%s: %s"):format(vim.trim(api.nvim_get_current_line()), why))
  else
    local keys = (count > 0 and count or "") .. vim.keycode(KEYS[name].keys)
    api.nvim_feedkeys(keys, "ni", false)
  end
end

--- Returns the Ex command that opens what is embedded at the cursor, or "" after doing something
--- else about it.
---@param name string the map's name
---@return string
function M.command(name)
  local count = vim.v.count
  local places = client.ask("textDocument/definition") or {}
  if #places == 0 then
    fall_back(name, count)
  elseif count > #places then
    report(("E347: No more files: the embed leads to %d"):format(#places))
  elseif count == 0 and #places > 1 then
    choose(name, places)
  else
    return open(name, places[math.max(count, 1)])
  end
  return ""
end

--- Returns the command for the file chosen from a list, and clears it.
---@return string
function M.take()
  local command = chosen
  chosen = ""
  return command
end

return M
