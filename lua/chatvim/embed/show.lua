-- SPDX-License-Identifier: Apache-2.0
-- Decides when to ask the program for the contents of a chat's embeds and the size of the chat:
-- when a chat is shown, after an edit to a line with an embed, when a file was written, or when
-- something else may have changed an embed. Never on each key, and not while an answer is being
-- written.
local M = {}

local api = vim.api
local uv = vim.uv
local embed_text = require("chatvim.embed.text")
local outline = require("chatvim.chat.outline")
local state = require("chatvim.chat.state")

--- Debounce after an edit to an embed line, in ms.
local SETTLE = 300
--- Debounce after any other edit, if the size of the chat is shown.
local SETTLE_SIZE = 1000
--- Debounce after files have changed.
local SETTLE_FILES = 100
--- The pause after a request, as a multiple of the time that it took: large chats and large files
--- must not keep Neovim or the program busy.
local REST = 20

--- The state of a chat's embeds and its size.
---@class chatvim.Embeds.State
---@field timer uv.uv_timer_t
---@field permit chatvim.Permit includes the texts that the program has wanted before
---@field watch chatvim.FileWatch
---@field some boolean there may be embeds, or text shown for them
---@field sized boolean the size is shown somewhere
---@field asking? boolean a request is running
---@field again? boolean another request is due after the running one
---@field stale? boolean something may have changed while the chat was hidden or typed in
---@field cost number how long the last request took, in ms
---@field ended number when it was answered, in ms of the event loop's clock
---@field size? chatvim.Size

--- Whether a buffer is hidden, in insert mode, or has a running answer.
---@param buf integer
---@return boolean
local function is_busy(buf)
  return #vim.fn.win_findbuf(buf) == 0
    or (api.nvim_get_current_buf() == buf and api.nvim_get_mode().mode:find("^[iR]") ~= nil)
    or state.get(buf).answer ~= nil
end

--- Returns the paths of the files and folders that the chat itself embeds.
---@param buf integer
---@param items chatvim.Embed[]
---@return string[]
local function files(buf, items)
  local paths = {}
  local folder = vim.fs.dirname(api.nvim_buf_get_name(buf))
  for _, item in ipairs(items) do
    local own = item.source == "" and item.kind ~= "address"
    if own and item.path ~= "" then
      table.insert(paths, item.path)
    elseif own and not item.target:find("^[/~$]") then
      -- It is missing but may be created.
      table.insert(paths, vim.fs.joinpath(folder, item.target))
    end
  end
  return paths
end

--- Applies a reply of the program.
---@param chat chatvim.Chat
---@param marks table<integer, integer>
---@param reply table the protocol's `result`
local function apply(chat, marks, reply)
  local embeds = chat.embeds --[[@as chatvim.Embeds.State]]
  -- Errors, such as in the front matter, are reported when the chat is sent.
  local value = type(reply.value) == "table" and reply.value or {}
  local items = type(value.items) == "table" and value.items or {}
  embed_text.show(chat.buf, marks, items)
  embeds.some = next(marks) ~= nil
  embeds.watch:set(files(chat.buf, items))
  local size = require("chatvim.view.size").read(value)
  if not vim.deep_equal(size, embeds.size) then
    embeds.size = size
    require("chatvim.view.status").draw(true)
  end
end

local later

---@param chat chatvim.Chat
local function ask(chat)
  local buf, embeds = chat.buf, chat.embeds --[[@as chatvim.Embeds.State]]
  local rows = require("chatvim.config").get().embeds and outline.embeds(buf) or {}
  if #rows == 0 and not embeds.sized then
    embeds.some = false
    embed_text.clear(buf)
    embeds.watch:set({})
    return
  end
  embeds.asking, embeds.again = true, false
  local marks = embed_text.mark(buf, rows)
  local began = uv.hrtime()
  require("chatvim.program.query").ask_whole("embeds", buf, embeds.permit, function(reply)
    embeds.asking = false
    uv.update_time()
    embeds.cost, embeds.ended = (uv.hrtime() - began) / 1e6, uv.now()
    if chat.embeds ~= embeds or not api.nvim_buf_is_loaded(buf) then
      return
    end
    apply(chat, marks, reply)
    if embeds.again then
      later(chat, SETTLE)
    end
  end)
end

--- Asks the program now, unless the buffer is busy or a request is running: the end of that
--- triggers the next refresh.
---@param chat chatvim.Chat
local function refresh(chat)
  local embeds = chat.embeds --[[@as chatvim.Embeds.State]]
  embeds.stale = true
  if embeds.asking then
    embeds.again = true
  elseif not is_busy(chat.buf) and require("chatvim.program.process").info() then
    embeds.stale = false
    ask(chat)
  end
end

--- Schedules a refresh. Edits postpone it, and so does a slow previous request.
---@param chat chatvim.Chat a chat whose embeds are shown
---@param wait integer in ms
function later(chat, wait)
  local embeds = chat.embeds --[[@as chatvim.Embeds.State]]
  local rest = embeds.ended + REST * embeds.cost - uv.now()
  embeds.timer:start(
    math.ceil(math.max(wait, rest)),
    0,
    vim.schedule_wrap(function()
      if chat.embeds == embeds then
        refresh(chat)
      end
    end)
  )
end

state.on("outline", function(chat, _, _, _, _, changed)
  if not chat.embeds then
    return
  elseif changed then
    chat.embeds.some = true
    later(chat, SETTLE)
  elseif chat.embeds.sized then
    later(chat, SETTLE_SIZE)
  end
end)

state.on("reload", function(chat)
  if chat.embeds then
    chat.embeds.some = true
    later(chat, SETTLE)
  end
end)

state.on("detach", function(chat)
  if chat.embeds then
    chat.embeds.timer:close()
    chat.embeds.watch:close()
  end
end)

--- Schedules a refresh of all chats because embedded files may have changed.
local function refresh_all()
  for _, chat in ipairs(state.all()) do
    if chat.embeds and (chat.embeds.some or chat.embeds.sized) then
      later(chat, SETTLE_FILES)
    end
  end
end

state.on("BufWritePost", refresh_all)

--- Schedules a refresh that was postponed.
---@param chat chatvim.Chat
local function catch_up(chat)
  if chat.embeds and chat.embeds.stale then
    later(chat, SETTLE_FILES)
  end
end

state.on("BufWinEnter", catch_up)
state.on("InsertLeave", catch_up)

state.on("BufEnter", function(chat)
  -- Other buffers whose text is embedded may have been edited in the meantime.
  if chat.embeds and (chat.embeds.stale or chat.embeds.some) then
    later(chat, SETTLE_FILES)
  end
end)

--- Watches for events outside a chat that may change its embeds.
local function watch_editor()
  local group = api.nvim_create_augroup("chatvim.embeds", {})
  api.nvim_create_autocmd({ "FocusGained", "ShellCmdPost" }, {
    group = group,
    desc = "Chatvim: files that chats embed may have changed",
    callback = refresh_all,
  })
  api.nvim_create_autocmd("OptionSet", {
    group = group,
    pattern = "conceallevel",
    desc = "Chatvim: the targets of embeds are hidden, or shown again",
    callback = function()
      local chat = state.get(0)
      if chat.embeds and chat.embeds.some then
        later(chat, SETTLE_FILES)
      end
    end,
  })
  api.nvim_create_autocmd("User", {
    group = group,
    pattern = "ChatvimEnd",
    desc = "Chatvim: a chat has an answer, and files may have been allowed for it",
    callback = function(event)
      local chat = state.get(event.data.buf)
      local embeds = chat.embeds
      if embeds and (embeds.stale or embeds.sized or embeds.some) then
        later(chat, SETTLE_FILES)
      end
    end,
  })
end

--- Starts showing the contents of embeds in a buffer, or applies changed options.
---@param buf integer
function M.attach(buf)
  local chat = state.attach(buf)
  if chat.embeds then
    chat.embeds.some = true
    return later(chat, 0)
  end
  local embeds = {
    timer = assert(uv.new_timer()),
    permit = require("chatvim.consent.permit").none(),
    some = true,
    sized = false,
    cost = 0,
    ended = 0,
  }
  embeds.watch = require("chatvim.embed.file_watch").new(function()
    if chat.embeds == embeds then
      later(chat, SETTLE_FILES)
    end
  end)
  chat.embeds = embeds
  outline.follow(buf)
  watch_editor()
  later(chat, 0)
end

--- Returns the size of the chat in a buffer, or nil if it is not known yet. The first call means
--- that the size is shown, so it is kept up to date from then on.
---@param buf integer
---@return chatvim.Size?
function M.size(buf)
  local chat = state.find(buf)
  local embeds = chat and chat.embeds
  if chat and embeds and not embeds.sized then
    embeds.sized = true
    later(chat, 0)
  end
  return embeds and embeds.size
end

return M
