-- SPDX-License-Identifier: Apache-2.0
-- The list of chats: asks the program for those of the chat folder, shows them in `vim.ui.select`,
-- and opens the one that is chosen.
local M = {}

local api = vim.api
local printable = require("chatvim.view.printable")
local select = require("chatvim.view.select")

--- After so many milliseconds of reading, it is said that the folder is being read.
local SLOW = 1000
--- The cells of Neovim's own question below a list (`:help inputlist()`), and a few more.
local QUESTION = 75
--- The cells of a text that the prompt may have.
local TEXT = 30

--- A chat of the list. `file`, `path` and `pos` are the names under which pickers look for what
--- they preview.
---@class chatvim.ListedChat
---@field file string
---@field path string
---@field pos [integer, integer] where the question stands: its line from 1, its column from 0
---@field name string
---@field question string
---@field time integer seconds since 1970

--- What was asked for.
---@class chatvim.ChatsWanted
---@field folder string
---@field text string
---@field smods table the command's modifiers

---@type integer? the question that the program is answering
local asked

---@param id integer
local function forget(id)
  require("chatvim.program.process").forget(id)
  if asked == id then
    asked = nil
  end
end

--- Gives up the question that the program is answering.
local function cancel()
  local id = asked
  if id then
    forget(id)
    require("chatvim.program.process").tell("cancel", { id = id })
  end
end

--- Adds a part of the list.
---@param items chatvim.ListedChat[]
---@param folder string
---@param chats any
local function add(items, folder, chats)
  for _, chat in ipairs(type(chats) == "table" and chats or {}) do
    local path = vim.fs.joinpath(folder, chat.name)
    table.insert(items, {
      file = path,
      path = path,
      pos = { chat.line, 0 },
      name = chat.name,
      question = chat.question,
      time = chat.time,
    })
  end
end

--- Calls back from the event loop, once the user is neither in the command line nor at a prompt.
---@param callback fun()
local function when_free(callback)
  vim.schedule(function()
    if api.nvim_get_mode().mode:find("^[cr!]") then
      vim.defer_fn(function()
        when_free(callback)
      end, 100)
      return
    end
    callback()
  end)
end

--- A path as a person would write it.
---@param path string
---@return string
local function short(path)
  return printable.show(vim.fn.fnamemodify(path, ":~"))
end

---@param wanted chatvim.ChatsWanted
---@return string
local function none(wanted)
  local folder = short(wanted.folder)
  if wanted.text == "" then
    return ("there is no chat in %s; :ChatvimNew opens one"):format(folder)
  end
  return ('no chat in %s contains "%s"'):format(folder, wanted.text)
end

--- The text in at most so many cells.
---@param text string
---@param width integer
---@return string
local function cut(text, width)
  if api.nvim_strwidth(text) <= width then
    return text
  end
  local count = width
  while count > 0 and api.nvim_strwidth(vim.fn.strcharpart(text, 0, count)) >= width do
    count = count - 1
  end
  return vim.fn.strcharpart(text, 0, count) .. "…"
end

---@param wanted chatvim.ChatsWanted
---@return string
local function show_list(wanted)
  if wanted.text == "" then
    return "Chats"
  end
  return ('Chats with "%s"'):format(cut(wanted.text, TEXT))
end

--- Neovim's own list scrolls away what does not fit the screen: as many of the newest as fit, each
--- in one line.
---@param items chatvim.ListedChat[]
---@param options table whose prompt and form of the items are changed
---@param prompt string
---@return chatvim.ListedChat[]
local function fit_screen(items, options, prompt)
  local rows = math.max(vim.o.lines - 3 - math.ceil(QUESTION / vim.o.columns), 1)
  local width = vim.o.columns - #("%d: "):format(math.min(rows, #items)) - 1
  options.format_item = function(item)
    return M.format(item, width)
  end
  if #items <= rows then
    return items
  end
  local told = ("%s, the newest %d of %d (:ChatvimChats TEXT narrows):"):format(
    prompt,
    rows,
    #items
  )
  options.prompt = cut(told, vim.o.columns - 1)
  return vim.list_slice(items, 1, rows)
end

--- The window of this tab that shows a file; the current one first.
---@param path string
---@return integer? win
local function window_of(path)
  local real = vim.uv.fs_realpath(path)
  local wins = api.nvim_tabpage_list_wins(0)
  table.insert(wins, 1, api.nvim_get_current_win())
  for _, win in ipairs(wins) do
    local buf = api.nvim_win_get_buf(win)
    local name = vim.bo[buf].buftype == "" and api.nvim_buf_get_name(buf) or ""
    if name ~= "" and (name == path or (real and vim.uv.fs_realpath(name) == real)) then
      return win
    end
  end
end

--- Opens a file where a command's modifiers say. Without a split among them, a window of this tab
--- that shows the file already is gone to.
---@param path string
---@param smods vim.api.keyset.cmd.mods
---@return string? err why it could not be opened
local function open(path, smods)
  local window = require("chatvim.command.window")
  local where = window.where(nil, smods)
  local win = not where.asked and window_of(path)
  if win then
    api.nvim_set_current_win(win)
    return
  end
  local err = window.edit(path, where)
  return err and ("%s was not opened: %s"):format(short(path), err)
end

--- Opens a chat of the list that may have gone since.
---@param item chatvim.ListedChat
---@param smods vim.api.keyset.cmd.mods
local function choose(item, smods)
  local stat = vim.uv.fs_stat(item.path)
  local err
  if not stat or stat.type ~= "file" then
    err = ("%s is no longer there; nothing was opened"):format(short(item.path))
  elseif smods.manage then
    require("chatvim.command.chat_file").manage(item.path, function()
      return open(item.path, {})
    end)
  else
    err = open(item.path, smods)
  end
  if err then
    require("chatvim.notify").show(err, "warn")
  end
end

--- Shows the list, or says that there is none.
---@param items chatvim.ListedChat[]
---@param wanted chatvim.ChatsWanted
---@param limited boolean there are files that were not looked at
local function show(items, wanted, limited)
  local notify = require("chatvim.notify")
  if limited == true then
    notify.show(("%s has more files than are listed"):format(short(wanted.folder)), "warn")
  end
  if #items == 0 then
    notify.show(none(wanted), "info")
    return
  end
  local prompt = show_list(wanted)
  local previews = require("chatvim.command.preview").new()
  local options = {
    prompt = prompt .. ":",
    kind = "chatvim-chat",
    -- Some pickers give more than the item.
    format_item = function(item)
      return M.format(item)
    end,
    preview_item = function(item)
      return previews:show(item.path, item.pos[1])
    end,
  }
  local shown = items
  if select.is_builtin() then
    shown = fit_screen(items, options, prompt)
  end
  local err = select.show(shown, options, function(item)
    -- A picker may still be closing its windows.
    vim.schedule(function()
      previews:wipe()
      if item then
        choose(item, wanted.smods)
      end
    end)
  end)
  if err then
    notify.show("the list of chats cannot be shown: " .. err, "error")
  end
end

--- Shows the chats of the chat folder, newest first, and opens the one that is chosen where the
--- modifiers say.
---@param text string only chats that contain it; empty: all
---@param smods? vim.api.keyset.cmd.mods the command's modifiers
---@param manage? boolean the one that is chosen may be renamed or deleted too
function M.pick(text, smods, manage)
  cancel()
  local folder, refusal = require("chatvim.command.new").folder()
  refusal = require("chatvim.command.window").refusal() or refusal
  if refusal or not folder then
    require("chatvim.notify").show(tostring(refusal), "warn")
    return
  end
  local process = require("chatvim.program.process")
  local mods = manage and { manage = true } or smods or {}
  local wanted = { folder = folder, text = vim.trim(text), smods = mods }
  local id, items = process.next_id(), {}
  asked = id
  process.listen(id, function(name, map)
    if name == "chats" then
      add(items, wanted.folder, map.chats)
      return
    end
    forget(id)
    if name == "result" and type(map.value) == "table" then
      when_free(function()
        show(items, wanted, map.value.limited)
      end)
    else
      require("chatvim.notify").show(tostring(map.message), map.level)
    end
  end)
  local settings = process.dictionary(require("chatvim.config").get().settings)
  local question = { id = id, folder = wanted.folder, text = wanted.text, settings = settings }
  local err = process.send("chats", question)
  if err then
    forget(id)
    require("chatvim.notify").show(err, "error")
    return
  end
  vim.defer_fn(function()
    if asked == id then
      require("chatvim.notify").show(("reading %s …"):format(short(wanted.folder)), "info")
    end
  end, SLOW)
end

--- A chat in one line: date, question and file.
---@param item chatvim.ListedChat
---@param width? integer no more cells than this: the file's name is left out first
---@return string
function M.format(item, width)
  local date = os.date("%Y-%m-%d %H:%M", item.time) or "(no date)"
  local question = item.question ~= "" and item.question or "(no question yet)"
  local line = ("%s  %s"):format(date, question)
  -- The name of a new chat is its date.
  local dated = item.name:find("^chat%-%d%d%d%d%-%d%d%-%d%d[%d-]*%.md$")
  local whole = dated and line or ("%s  (%s)"):format(line, printable.show(item.name))
  if not width or api.nvim_strwidth(whole) <= width then
    return whole
  end
  return cut(line, width)
end

return M
