-- SPDX-License-Identifier: Apache-2.0
-- What the embeds of a chat hold and how large the chat is: when the program is asked for it. That
-- is when a chat is shown, when a line with an embed was edited, a file was written or something
-- else may have changed one; never on each key, and not while an answer is being written.
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
--- The pause after a question, as a multiple of the time that the question took: large chats and
--- large files must not keep the editor or the program busy.
local REST = 20

--- What is known about a chat's embeds and its size.
---@class chatvim.Embeds.State
---@field timer uv.uv_timer_t
---@field permit chatvim.Permit of texts that were wanted before
---@field watch chatvim.FileWatch
---@field some boolean there may be some, or what was shown of some
---@field sized boolean the size is shown somewhere
---@field asking? boolean
---@field again? boolean asked for while the program was asked
---@field stale? boolean something may have changed while the chat was hidden or typed in
---@field cost number milliseconds that the last question took
---@field ended number when it was answered, in milliseconds of the loop's clock
---@field size? chatvim.Size

--- Whether a buffer is not looked at, being typed in, or being answered in.
---@param buf integer
---@return boolean
local function is_busy(buf)
  return #vim.fn.win_findbuf(buf) == 0
    or (api.nvim_get_current_buf() == buf and api.nvim_get_mode().mode:find("^[iR]") ~= nil)
    or state.get(buf).answer ~= nil
end

--- The files and folders that embeds name.
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
      -- It is missing; it may come.
      table.insert(paths, vim.fs.joinpath(folder, item.target))
    end
  end
  return paths
end

---@param chat chatvim.Chat
---@param marks table<integer, integer>
---@param map table the protocol's `result`
local function take(chat, marks, map)
  local embeds = chat.embeds
  -- Mistakes in the front matter, and the like, are reported when the chat is sent.
  local value = type(map.value) == "table" and map.value or {}
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
  local buf, embeds = chat.buf, chat.embeds
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
  require("chatvim.program.query").ask_whole("embeds", buf, embeds.permit, function(map)
    embeds.asking = false
    uv.update_time()
    embeds.cost, embeds.ended = (uv.hrtime() - began) / 1e6, uv.now()
    if chat.embeds ~= embeds or not api.nvim_buf_is_loaded(buf) then
      return
    end
    take(chat, marks, map)
    if embeds.again then
      later(chat, SETTLE)
    end
  end)
end

--- Asks the program, unless this is not the time: then what comes at the end of that asks.
---@param chat chatvim.Chat
local function refresh(chat)
  local embeds = chat.embeds
  embeds.stale = true
  if embeds.asking then
    embeds.again = true
  elseif not is_busy(chat.buf) and require("chatvim.program.process").info() then
    embeds.stale = false
    ask(chat)
  end
end

--- Asks the program soon. Edits put it off; a question that cost much does too.
---@param chat chatvim.Chat whose embeds are shown
---@param wait integer milliseconds
function later(chat, wait)
  local embeds = chat.embeds
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

--- Files that chats embed may have changed.
local function refresh_all()
  for _, chat in ipairs(state.all()) do
    if chat.embeds and (chat.embeds.some or chat.embeds.sized) then
      later(chat, SETTLE_FILES)
    end
  end
end

state.on("BufWritePost", refresh_all)

--- Asks now if that was put off.
---@param chat chatvim.Chat
local function catch_up(chat)
  if chat.embeds and chat.embeds.stale then
    later(chat, SETTLE_FILES)
  end
end

state.on("BufWinEnter", catch_up)
state.on("InsertLeave", catch_up)

state.on("BufEnter", function(chat)
  -- Other buffers, whose text is embedded, may have been edited meanwhile.
  if chat.embeds and (chat.embeds.stale or chat.embeds.some) then
    later(chat, SETTLE_FILES)
  end
end)

--- Follows what may change an embed outside of its chat.
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

--- Shows what embeds hold in a buffer from now on, as the options are.
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

--- How large the chat in a buffer is, as far as it is known. Whoever asks for it shows it: it is
--- kept up to date from then on.
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
