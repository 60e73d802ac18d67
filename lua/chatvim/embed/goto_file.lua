-- SPDX-License-Identifier: Apache-2.0
-- `gf` and related keys on a line that embeds something.
--
-- They are maps rather than 'includeexpr', which Neovim uses only for a name under the cursor as
-- defined by 'isfname', so not for names with spaces or parentheses or with the cursor next to
-- them, and only if 'path' has no file of that name, so that a file in the working folder would
-- win. Except on an embed, the maps run Vim's own keys, with the count. Keys that the user has
-- mapped are left alone.
--
-- The map opens the file with an Ex command, so that errors and questions about a swap file or
-- changes appear as they do for `gf`. That would not be so from within Lua.
local M = {}

local api = vim.api
local embed_line = require("chatvim.embed.line")
local printable = require("chatvim.view.printable")

--- Limit of offered matches of a pattern.
local MOST = 200

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

--- Returns what the embed at the cursor points at, or nil if there is no embed.
---@param buf integer
---@return table? chatvim.Target.Found with `target`, and `err` if it cannot be used
local function at_cursor(buf)
  local target = embed_line.target(buf, api.nvim_win_get_cursor(0)[1] - 1)
  if target then
    local find = require("chatvim.embed.target").find
    local found, err = find(target, embed_line.folder(buf))
    if not found and not err and not target:find("^[/~]") then
      -- As when the chat is sent, the working folder comes second.
      found, err = find(target, vim.fn.getcwd())
    end
    return vim.tbl_extend("force", found or { err = err }, { target = target })
  end
end

--- Returns the keys that a map types: Vim's own, or those that open the target of an embed.
---@param name string the map's name
---@return string keys
function M.keys(name)
  local buf = api.nvim_get_current_buf()
  local theirs = require("chatvim.keys").yield(buf, name)
  if theirs then
    api.nvim_feedkeys(vim.keycode(theirs), "mi", false)
    return ""
  end
  local found = at_cursor(buf)
  -- In a buffer that is not a chat, open only existing files; Vim's own key handles the rest.
  if not found or not (found.path or require("chatvim.view.highlight").is_attached(buf)) then
    return vim.keycode(KEYS[name].keys)
  end
  local command = "<Cmd>execute v:lua.require'chatvim.embed.goto_file'.command('%s')<CR>"
  return vim.keycode(command:format(name))
end

---@param found { target: string, err?: string }
---@param buf integer
---@return string
local function why(found, buf)
  if found.err then
    return "here: " .. found.err
  end
  return found.target:find("^[/~]") and ""
    or "in " .. vim.fn.fnamemodify(embed_line.folder(buf), ":~")
end

---@param text string
local function report(text)
  require("chatvim.notify").show(vim.trim(text), "error")
end

---@param address string
local function browse(address)
  local _, err = vim.ui.open(address)
  if err then
    report(err)
  end
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
  local stem = path:gsub("(.)/+$", "%1")
  local parent = vim.uv.fs_realpath(vim.fs.dirname(stem)) or ""
  local name = require("chatvim.embed.target").join(parent, vim.fs.basename(stem))
  for _, buf in ipairs(api.nvim_list_bufs()) do
    if api.nvim_buf_get_name(buf) == name then
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
---@param name string
---@param path string
---@param line? integer
---@return string
local function open(name, path, line)
  local command = KEYS[name].command
  local buf = buffer(path)
  if command == "split" and buf then
    local win = window(buf)
    if win then
      local go = line and (" | call cursor(%d, 1)"):format(line) or ""
      return ('execute "normal! m\'" | call win_gotoid(%d)%s'):format(win, go)
    end
  end
  local at = line and "+" .. math.max(line, 1)
  if not at and command == "edit" and buf and not api.nvim_buf_is_loaded(buf) then
    -- `gf` restores the last cursor position; `:edit` does so only for a loaded file.
    local mark = api.nvim_buf_get_mark(buf, '"')
    at = mark[1] > 1 and ("+call\\ cursor(%d,%d)"):format(mark[1], mark[2] + 1)
  end
  -- `gf` honors 'autowrite'; `:edit` does not.
  local save = command == "edit" and is_autowritten() and "silent! update | " or ""
  return ("%s%s %s %s"):format(save, command, at or "", vim.fn.fnameescape(path))
end

---@param name string
---@param paths string[]
---@param folder string
---@param prompt string
local function choose(name, paths, folder, prompt)
  local win = api.nvim_get_current_win()
  local start = folder .. "/"
  vim.ui.select(paths, {
    prompt = printable.show(prompt),
    kind = "chatvim-file",
    format_item = function(path)
      local inside = vim.startswith(path, start)
      return printable.show(inside and path:sub(#start + 1) or vim.fn.fnamemodify(path, ":~"))
    end,
  }, function(path)
    -- A picker may still be closing its windows.
    vim.schedule(function()
      if path and api.nvim_win_is_valid(win) then
        api.nvim_set_current_win(win)
        chosen = open(name, path)
        local take = "<Cmd>execute v:lua.require'chatvim.embed.goto_file'.take()<CR>"
        api.nvim_feedkeys(vim.keycode(take), "n", false)
      end
    end)
  end)
end

--- Opens a match of a pattern: the one given by the count, the only one, or the one that the user
--- chooses.
---@param name string
---@param found { pattern: string, target: string }
---@param folder string
---@return string command
local function pattern(name, found, folder)
  local paths, whole = require("chatvim.embed.glob").find(found.pattern, folder, MOST)
  local count = vim.v.count
  if #paths == 0 then
    local where = whole and "" or " near here"
    report(
      ('E447: Can\'t find file "%s": nothing matches the pattern%s'):format(found.target, where)
    )
  elseif count > #paths then
    report(('E347: No more file "%s" found in path'):format(found.target))
  elseif count > 0 or (#paths == 1 and whole) then
    return open(name, paths[math.max(count, 1)])
  else
    local number = whole and tostring(#paths) or "the first " .. #paths
    choose(name, paths, folder, ("Open (%s files match %s):"):format(number, found.target))
  end
  return ""
end

--- Returns the Ex command that opens the target of the embed at the cursor, or "" after reporting
--- why there is none.
---@param name string the map's name
---@return string
function M.command(name)
  local buf = api.nvim_get_current_buf()
  local found = at_cursor(buf)
  if not found then
    return ""
  elseif found.address then
    browse(found.address)
  elseif found.pattern then
    return pattern(name, found, embed_line.folder(buf))
  elseif not found.path then
    report(('E447: Can\'t find file "%s" %s'):format(found.target, why(found, buf)))
  elseif found.type ~= "file" and found.type ~= "directory" then
    -- Neovim would wait for data from a pipe.
    report(('"%s" is a device, a pipe or a socket'):format(found.target))
  elseif vim.v.count > 1 then
    report(('E347: No more file "%s" found in path'):format(found.target))
  else
    return open(name, found.path, found.line)
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
