-- SPDX-License-Identifier: Apache-2.0
-- What the embeds of a chat hold and how large the chat is: when the program is asked for it. That
-- is when a chat is shown, when a line with an embed was edited, a file was written or something
-- else may have changed one; never on each key, and not while an answer is being written.
local M = {}

local api = vim.api
local uv = vim.uv
local embed_text = require("chatvim.embed.text")
local outline = require("chatvim.chat.outline")

--- So long the program is asked after the last edit of an embed, in milliseconds.
local SETTLE = 300
--- The same after an edit of anything else, where the size of the chat is shown.
local SETTLE_SIZE = 1000
--- The same after files have changed.
local SETTLE_FILES = 100
--- At least so many times as long as a question took there is none after it: large chats and large
--- files do not keep the editor or the program busy.
local REST = 20

--- What is known of a chat's embeds and its size. Owned by this file, gone with the buffer's text.
---@class chatvim.Embeds.State
---@field buf integer
---@field timer uv.uv_timer_t
---@field permit chatvim.Permit of texts that were wanted before
---@field watch chatvim.FileWatch
---@field embeds boolean there may be some, or what was shown of some
---@field sized boolean somebody shows the size
---@field asking? boolean
---@field again? boolean asked for while the program was asked
---@field stale? boolean something may have changed while the chat was hidden or typed in
---@field cost number milliseconds that the last question took
---@field ended number when it was answered, in milliseconds of the loop's clock
---@field size? chatvim.Size

---@type table<integer, chatvim.Embeds.State>
local states = {}

--- Whether a buffer is not looked at, being typed in, or being answered in.
---@param buf integer
---@return boolean
local function is_busy(buf)
  local chat = package.loaded["chatvim.chat.running"]
  return #vim.fn.win_findbuf(buf) == 0
    or (api.nvim_get_current_buf() == buf and api.nvim_get_mode().mode:find("^[iR]") ~= nil)
    or (chat and chat.is_running(buf))
    or false
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

---@param state chatvim.Embeds.State
---@param marks table<integer, integer>
---@param map table the protocol's `result`
local function take(state, marks, map)
  -- A mistake in the front matter, and the like, is told when the chat is sent.
  local value = type(map.value) == "table" and map.value or {}
  local items = type(value.items) == "table" and value.items or {}
  embed_text.show(state.buf, marks, items)
  state.embeds = next(marks) ~= nil
  state.watch:set(files(state.buf, items))
  local size = require("chatvim.view.size").read(value)
  if not vim.deep_equal(size, state.size) then
    state.size = size
    require("chatvim.view.status").draw(true)
  end
end

local later

---@param state chatvim.Embeds.State
local function ask(state)
  local buf = state.buf
  local rows = require("chatvim.config").get().embeds and outline.embeds(buf) or {}
  if #rows == 0 and not state.sized then
    state.embeds = false
    embed_text.clear(buf)
    state.watch:set({})
    return
  end
  state.asking, state.again = true, false
  local marks = embed_text.mark(buf, rows)
  local began = uv.hrtime()
  require("chatvim.program.query").ask_whole("embeds", buf, state.permit, function(map)
    state.asking = false
    uv.update_time()
    state.cost, state.ended = (uv.hrtime() - began) / 1e6, uv.now()
    if states[buf] ~= state or not api.nvim_buf_is_loaded(buf) then
      return
    end
    take(state, marks, map)
    if state.again then
      later(state, SETTLE)
    end
  end)
end

--- Asks the program, unless this is not the time: then what comes at the end of that asks.
---@param state chatvim.Embeds.State
local function refresh(state)
  state.stale = true
  if state.asking then
    state.again = true
  elseif not is_busy(state.buf) and require("chatvim.program.process").info() then
    state.stale = false
    ask(state)
  end
end

--- Asks the program soon. Edits put it off; a question that cost much does too.
---@param state chatvim.Embeds.State
---@param wait integer milliseconds
function later(state, wait)
  if states[state.buf] ~= state then
    return
  end
  local rest = state.ended + REST * state.cost - uv.now()
  state.timer:start(
    math.ceil(math.max(wait, rest)),
    0,
    vim.schedule_wrap(function()
      if states[state.buf] == state then
        refresh(state)
      end
    end)
  )
end

---@param state chatvim.Embeds.State
local function follow(state)
  outline.watch(state.buf, function(_, _, _, _, embeds)
    if embeds then
      state.embeds = true
      later(state, SETTLE)
    elseif state.sized then
      later(state, SETTLE_SIZE)
    end
  end)
  api.nvim_buf_attach(state.buf, false, {
    on_reload = function()
      state.embeds = true
      later(state, SETTLE)
    end,
    on_detach = function()
      states[state.buf] = nil
      state.timer:close()
      state.watch:close()
    end,
  })
end

--- Follows what may change an embed outside of its chat.
local function watch_editor()
  local group = api.nvim_create_augroup("chatvim.embeds", {})
  -- Not for single buffers: Neovim forgets such ones when `:write NAME` names the buffer.
  api.nvim_create_autocmd({ "BufWritePost", "FocusGained", "ShellCmdPost" }, {
    group = group,
    desc = "Chatvim: files that chats embed may have changed",
    callback = function()
      for _, state in pairs(states) do
        if state.embeds or state.sized then
          later(state, SETTLE_FILES)
        end
      end
    end,
  })
  api.nvim_create_autocmd({ "BufWinEnter", "BufEnter", "InsertLeave" }, {
    group = group,
    desc = "Chatvim: show what embeds hold where that was put off",
    callback = function(event)
      local state = states[event.buf]
      -- Other buffers, whose text is embedded, may have been edited meanwhile.
      if state and (state.stale or (event.event == "BufEnter" and state.embeds)) then
        later(state, SETTLE_FILES)
      end
    end,
  })
  api.nvim_create_autocmd("OptionSet", {
    group = group,
    pattern = "conceallevel",
    desc = "Chatvim: the targets of embeds are hidden, or shown again",
    callback = function()
      local state = states[api.nvim_get_current_buf()]
      if state and state.embeds then
        later(state, SETTLE_FILES)
      end
    end,
  })
  api.nvim_create_autocmd("User", {
    group = group,
    pattern = "ChatvimEnd",
    desc = "Chatvim: a chat has an answer, and files may have been allowed for it",
    callback = function(event)
      local state = states[event.data.buf]
      if state and (state.stale or state.sized or state.embeds) then
        later(state, SETTLE_FILES)
      end
    end,
  })
end

--- Shows what embeds hold in a buffer from now on, as the options are.
---@param buf integer
function M.attach(buf)
  if states[buf] then
    states[buf].embeds = true
    return later(states[buf], 0)
  end
  local state = {
    buf = buf,
    timer = assert(uv.new_timer()),
    permit = require("chatvim.consent").none(),
    embeds = true,
    sized = false,
    cost = 0,
    ended = 0,
  }
  state.watch = require("chatvim.embed.file_watch").new(function()
    later(state, SETTLE_FILES)
  end)
  states[buf] = state
  follow(state)
  watch_editor()
  later(state, 0)
end

--- How large the chat in a buffer is, as far as it is known. Whoever asks for it shows it: it is
--- kept up to date from then on.
---@param buf integer
---@return chatvim.Size?
function M.size(buf)
  local state = states[buf]
  if state and not state.sized then
    state.sized = true
    later(state, 0)
  end
  return state and state.size
end

return M
