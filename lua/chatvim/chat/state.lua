-- SPDX-License-Identifier: Apache-2.0
-- The state of each buffer, one object per buffer, and the only place that receives buffer events
-- from Neovim. Each field is set only by the module named in its description. Modules subscribe
-- with `on` when they are loaded, and read their own field of the object.
local M = {}

local api = vim.api

--- The state of a buffer. Created on first use, dropped when the buffer is wiped.
---@class chatvim.Chat
---@field buf integer
---@field attached? boolean Neovim reports changes of its text
---
--- Until the buffer is wiped:
---@field disk? chatvim.Disk.File|false disk.lua: its file when it was last read or written; false
---  if the buffer was given the name of an existing file; nil if no read was seen
---@field keys? chatvim.Key.Map[] keys.lua: the default keys mapped in it
---@field used? integer recent.lua: a counter of when it was last used; 0: not since it was opened
---@field answer? chatvim.Answer|true running.lua: the running answer; true while one begins
---@field waiting? fun()[] running.lua: called when the running answer has ended
---@field recovered? chatvim.Recover.Unwritten recover.lua: recovered text not in the file yet
---@field format_request? integer format.lua: the id of the open request to the program
---@field exchange? chatvim.Exchange exchange.lua: the question that is asked in this buffer
---@field awaits? chatvim.Awaited compare: answers that will be written into it
---@field comparison? chatvim.Comparison compare: the one that this answer belongs to
---@field title? chatvim.Exchange command/title.lua: the question for its title
---@field summary? string command/summary.lua: the path of the chat that it summarizes
---@field rewrite? chatvim.Rewrite command/rewrite/: the question about its lines
---@field review_keys? chatvim.Key.Map[] keys.lua: the keys of a review mapped in it
---@field usage? table usage.lua: `ended` of its last answer
---@field below? chatvim.Below.Shown below.lua: what is shown below the last answer
---@field options? table<string, fun(win: integer)> local_options.lua: options for its next window
---
--- Until its text is unloaded; a reload keeps them:
---@field shown? boolean open.lua: shown as a chat
---@field early? integer early.lua: the InsertEnter autocommand that starts the program
---@field begins? boolean early.lua: the user may be starting a chat in it, which is no chat yet
---@field awaits_embed? boolean early.lua: start showing embeds when the first one appears
---@field outline? chatvim.Outline.State outline.lua
---@field format? chatvim.Format format.lua: as the program has reported it
---@field unsaved? chatvim.Unsaved.State unsaved.lua: answers not in the file yet
---@field secrets? string[] consent: the marks of secrets that the user allowed
---@field highlight? { rules: boolean } highlight.lua: highlighted as a chat
---@field folds? { pending?: chatvim.Folds.Pending } folds.lua: folded
---@field embeds? chatvim.Embeds.State embed/show.lua
---@field usage_mark? integer usage.lua: the extmark of the usage below the last answer
---@field review? chatvim.Review review: the proposal for some of its lines
---@field language? boolean lsp/client.lua: the language client is attached while the program runs

--- Answers in other buffers that a chat waits for.
---@class chatvim.Awaited
---@field stop fun() stops them; what has arrived counts
---@field status string for statuslines, such as "2 answers"

--- Fields that are cleared when the buffer's text is unloaded.
local WITH_TEXT = {
  "shown",
  "early",
  "begins",
  "awaits_embed",
  "outline",
  "format",
  "unsaved",
  "secrets",
  "highlight",
  "folds",
  "embeds",
  "usage_mark",
  "review",
  "language",
}

--- Events that modules can subscribe to.
--- `lines`, `reload` and `detach` are reported for attached buffers only. `lines`: the lines from
--- `first` to `last` became those from `first` to `new_last`. `reload`: the text was read again.
--- `detach`: the text was unloaded; the fields in `WITH_TEXT` are cleared next.
--- `outline` is an edit as `chat/outline.lua` understands it, see `chatvim.Outline.Handler`.
--- `ended`: its answer has ended; the second argument is the data of the event ChatvimEnd, the
--- third is true if the user is being asked whether it may be sent. `refused`: it may not.
--- The others are autocommands; the second argument is what Neovim passes to their callback.
---@alias chatvim.Chat.Event
---| "lines"
---| "reload"
---| "detach"
---| "outline"
---| "ended"
---| "refused"
---| "BufReadPre"
---| "BufNewFile"
---| "BufWritePost"
---| "BufFilePost"
---| "BufUnload"
---| "BufEnter"
---| "BufWinEnter"
---| "InsertEnter"
---| "InsertLeave"

--- Autocommands that are created when the first module subscribes, for buffers with an object only.
--- The others are those of `plugin/chatvim.lua`, for every buffer from the start.
local ON_DEMAND = { BufEnter = true, BufWinEnter = true, InsertEnter = true, InsertLeave = true }

---@type table<integer, chatvim.Chat>
local chats = {}
---@type table<chatvim.Chat.Event, fun(chat: chatvim.Chat, ...: any)[]>
local handlers = {}
local group = api.nvim_create_augroup("chatvim.state.on_demand", {})

--- Calls `handler` for every buffer to which `event` happens.
---@param event chatvim.Chat.Event
---@param handler fun(chat: chatvim.Chat, ...: any)
function M.on(event, handler)
  if not handlers[event] then
    handlers[event] = {}
    if ON_DEMAND[event] then
      -- Not buffer-local: Neovim drops buffer-local ones when `:write NAME` names the buffer.
      api.nvim_create_autocmd(event --[[@as vim.api.keyset.events]], {
        group = group,
        desc = "Chatvim: what happens to chats",
        callback = function(arguments)
          local chat = chats[arguments.buf]
          if chat then
            M.emit(event, chat, arguments)
          end
        end,
      })
    end
  end
  table.insert(handlers[event], handler)
end

--- Calls the handlers of an event. Reports an error in a handler and runs the others.
---@param event chatvim.Chat.Event
---@param chat chatvim.Chat
---@param ... any
function M.emit(event, chat, ...)
  local list = handlers[event] or {}
  -- The length is read once: a handler added in the loop is not called for this event.
  for index = 1, #list do
    local ok, err = pcall(list[index], chat, ...)
    if not ok then
      vim.schedule(function()
        local message = ("internal error at '%s': %s"):format(event, tostring(err))
        require("chatvim.notify").show(message, "error")
      end)
    end
  end
end

--- Returns the number of a buffer, resolving 0 to the current one.
---@param buf integer
---@return integer
local function number(buf)
  return buf == 0 and api.nvim_get_current_buf() or buf
end

--- Returns the object of a buffer, creating it if there is none.
---@param buf integer
---@return chatvim.Chat
function M.get(buf)
  buf = number(buf)
  local chat = chats[buf]
  if not chat then
    chat = { buf = buf }
    -- Do not store it for a wiped buffer, where it would leak.
    chats[buf] = api.nvim_buf_is_valid(buf) and chat or nil
  end
  return chat
end

--- Returns the object of a buffer, or nil.
---@param buf integer
---@return chatvim.Chat?
function M.find(buf)
  return chats[number(buf)]
end

--- Returns the objects of all buffers.
---@return chatvim.Chat[]
function M.all()
  local list = {}
  for buf, chat in pairs(chats) do
    if api.nvim_buf_is_valid(buf) then
      list[#list + 1] = chat
    else
      -- Wiped without autocommands.
      chats[buf] = nil
    end
  end
  return list
end

---@param chat chatvim.Chat
---@return boolean
local function is_followed(chat)
  for _, name in ipairs(WITH_TEXT) do
    if chat[name] ~= nil then
      return true
    end
  end
  return false
end

--- Subscribes to changes of a buffer's text. Call it before setting a field in `WITH_TEXT`; a
--- buffer without such fields is detached at its next change.
---@param buf integer
---@return chatvim.Chat
---@return boolean attached false for a buffer that is not loaded
function M.attach(buf)
  local chat = M.get(buf)
  if chat.attached then
    return chat, true
  end
  chat.attached = api.nvim_buf_attach(chat.buf, false, {
    on_lines = function(_, _, _, first, last, new_last)
      M.emit("lines", chat, first, last, new_last)
      if not is_followed(chat) then
        chat.attached = nil
        return true
      end
    end,
    -- Without `on_reload`, Neovim would detach us when it reloads a changed file; `:edit` always
    -- detaches.
    on_reload = function()
      M.emit("reload", chat)
    end,
    on_detach = function()
      chat.attached = nil
      M.emit("detach", chat)
      for _, name in ipairs(WITH_TEXT) do
        chat[name] = nil
      end
    end,
  }) or nil
  return chat, chat.attached == true
end

--- Handles an autocommand of `plugin/chatvim.lua`.
---@param event vim.api.keyset.create_autocmd.callback_args
function M.note(event)
  local buf = event.buf
  if event.event == "BufWipeout" then
    -- Neovim also fires it for a buffer that stays, when `:write NAME` names it.
    if chats[buf] then
      vim.schedule(function()
        if not api.nvim_buf_is_valid(buf) then
          chats[buf] = nil
        end
      end)
    end
    return
  end
  if event.event ~= "BufUnload" or chats[buf] then
    M.emit(event.event, M.get(buf), event)
  end
end

return M
