-- SPDX-License-Identifier: Apache-2.0
-- The list of chats: requests the chats in the chat folder from the program, shows them with
-- `vim.ui.select`, and opens the chosen one.
local M = {}

local api = vim.api
local printable = require("chatvim.view.printable")
local select = require("chatvim.view.select")

--- Delay before reporting that the folder is being read, in ms.
local SLOW = 1000
--- Width of Neovim's own prompt below a list (`:help inputlist()`) plus a margin, in cells.
local QUESTION = 75
--- Limit for the search text in the prompt, in cells.
local TEXT = 30

--- A chat in the list. Pickers use the fields `file`, `path` and `pos` for their previews.
---@class chatvim.ListedChat
---@field file string
---@field path string
---@field pos [integer, integer] the position of the question: line from 1, column from 0
---@field name string
---@field question string
---@field title? string
---@field time integer seconds since 1970

--- The request for a list.
---@class chatvim.ChatsWanted
---@field folder string
---@field text string
---@field mods vim.api.keyset.cmd_mods the command's modifiers
---@field manage boolean offers to rename, title or delete the chosen chat

---@type integer? the id of the pending request
local pending

---@param id integer
local function forget(id)
  require("chatvim.program.process").forget(id)
  if pending == id then
    pending = nil
  end
end

--- Cancels the pending request.
local function cancel()
  local id = pending
  if id then
    forget(id)
    require("chatvim.program.process").tell("cancel", { id = id })
  end
end

--- Appends a part of the list.
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
      title = type(chat.title) == "string" and chat.title ~= "" and chat.title or nil,
      time = chat.time,
    })
  end
end

--- Calls `callback` from the event loop once the user is neither in the command line nor at a
--- prompt.
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

--- Abbreviates a path with `~` for display.
---@param path string
---@return string
local function short(path)
  return printable.show(vim.fn.fnamemodify(path, ":~"))
end

---@param wanted chatvim.ChatsWanted
---@return string
local function no_chats(wanted)
  local folder = short(wanted.folder)
  if wanted.text == "" then
    return ("there is no chat in %s; :ChatvimNew opens one"):format(folder)
  end
  return ('no chat in %s contains "%s"'):format(folder, wanted.text)
end

--- Truncates a text to at most `width` cells.
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
local function list_title(wanted)
  if wanted.text == "" then
    return "Chats"
  end
  return ('Chats with "%s"'):format(cut(wanted.text, TEXT))
end

--- Returns as many of the newest chats as fit on the screen, one per line: Neovim's own list would
--- scroll the rest away.
---@param items chatvim.ListedChat[]
---@param options table its `prompt` and `format_item` are changed
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
  local title = ("%s, the newest %d of %d (:ChatvimChats TEXT narrows):"):format(
    prompt,
    rows,
    #items
  )
  options.prompt = cut(title, vim.o.columns - 1)
  return vim.list_slice(items, 1, rows)
end

--- Returns the window in this tab page that shows a file, preferring the current one.
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

--- Opens a file as a command's modifiers request. If they request no split and a window in this tab
--- page shows the file already, goes to that window.
---@param path string
---@param mods vim.api.keyset.cmd_mods
---@return string? err why it could not be opened
local function open(path, mods)
  local window = require("chatvim.command.window")
  local where = window.where(nil, mods)
  local win = not where.asked and window_of(path)
  if win then
    api.nvim_set_current_win(win)
    return
  end
  local err = window.edit(path, where)
  return err and ("%s was not opened: %s"):format(short(path), err)
end

--- Opens a chat from the list, whose file may have been deleted in the meantime.
---@param item chatvim.ListedChat
---@param wanted chatvim.ChatsWanted
local function choose(item, wanted)
  local stat = vim.uv.fs_stat(item.path)
  local err
  if not stat or stat.type ~= "file" then
    err = ("%s is no longer there; nothing was opened"):format(short(item.path))
  elseif wanted.manage then
    require("chatvim.command.chat_file").manage(item.path, item.title, function()
      return open(item.path, {})
    end)
  else
    err = open(item.path, wanted.mods)
  end
  if err then
    require("chatvim.notify").show(err, "warn")
  end
end

--- Shows the list, or reports that it is empty.
---@param items chatvim.ListedChat[]
---@param wanted chatvim.ChatsWanted
---@param limited boolean some files were not read
local function show(items, wanted, limited)
  local notify = require("chatvim.notify")
  if limited == true then
    notify.show(("%s has more files than are listed"):format(short(wanted.folder)), "warn")
  end
  if #items == 0 then
    notify.show(no_chats(wanted), "info")
    return
  end
  local prompt = list_title(wanted)
  local previews = require("chatvim.command.preview").new()
  local options = {
    prompt = prompt .. ":",
    kind = "chatvim-chat",
    -- Some pickers pass more arguments than the item.
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
        choose(item, wanted)
      end
    end)
  end)
  if err then
    notify.show("the list of chats cannot be shown: " .. err, "error")
  end
end

--- Shows the chats in the chat folder, newest first, and opens the chosen one as the modifiers
--- request.
---@param text string lists only chats that contain it; "" lists all
---@param mods? vim.api.keyset.cmd_mods the command's modifiers
---@param manage? boolean also offers to rename, title or delete the chosen chat
function M.pick(text, mods, manage)
  cancel()
  local folder, refusal = require("chatvim.command.new").folder()
  refusal = require("chatvim.command.window").refusal() or refusal
  if refusal or not folder then
    require("chatvim.notify").show(tostring(refusal), "warn")
    return
  end
  local process = require("chatvim.program.process")
  ---@type chatvim.ChatsWanted
  local wanted =
    { folder = folder, text = vim.trim(text), mods = mods or {}, manage = manage == true }
  local id, items = process.next_id(), {}
  pending = id
  process.listen(id, function(name, reply)
    if name == "chats" then
      add(items, wanted.folder, reply.chats)
      return
    end
    forget(id)
    if name == "result" and type(reply.value) == "table" then
      when_free(function()
        show(items, wanted, reply.value.limited)
      end)
    else
      require("chatvim.notify").show(tostring(reply.message), reply.level)
    end
  end)
  local settings = process.dictionary(require("chatvim.config").get().settings)
  local fields = { id = id, folder = wanted.folder, text = wanted.text, settings = settings }
  local err = process.send("chats", fields)
  if err then
    forget(id)
    require("chatvim.notify").show(err, "error")
    return
  end
  vim.defer_fn(function()
    if pending == id then
      require("chatvim.notify").show(("reading %s …"):format(short(wanted.folder)), "info")
    end
  end, SLOW)
end

--- Returns what a chat is about: its title, and its first question.
---@param item chatvim.ListedChat
---@return string
local function subject(item)
  local question = item.question ~= "" and item.question or "(no question yet)"
  return item.title and ("%s · %s"):format(printable.show(item.title), question) or question
end

--- Formats a chat as one line: date, title, question and file.
---@param item chatvim.ListedChat
---@param width? integer limit in cells; the file name is omitted first, then the end
---@return string
function M.format(item, width)
  local date = os.date("%Y-%m-%d %H:%M", item.time) or "(no date)"
  local line = ("%s  %s"):format(date, subject(item))
  -- The default name of a chat is its date.
  local dated = item.name:find("^chat%-%d%d%d%d%-%d%d%-%d%d[%d-]*%.md$")
  local whole = dated and line or ("%s  (%s)"):format(line, printable.show(item.name))
  if not width or api.nvim_strwidth(whole) <= width then
    return whole
  end
  return cut(line, width)
end

return M
