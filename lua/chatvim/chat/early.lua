-- SPDX-License-Identifier: Apache-2.0
-- Prepares for the first answer while the question is being typed: starts the program, loads the
-- modules that an answer needs, and attaches the language client. Does nothing until the user acts
-- in a markdown buffer.
local M = {}

local api = vim.api
local state = require("chatvim.chat.state")

--- Pause between loading two modules, in ms, so that a typed key waits for one module at most.
local PAUSE = 10
--- How many lines of an edit are searched for signs that the user is starting a chat.
local MOST = 100

--- The modules that an answer and the language client use, each after its own dependencies. Those
--- of Neovim begin with "vim.".
local MODULES = vim.split(
  "notify view.printable view.numbers chat.align chat.lost_place chat.range chat.place "
    .. "chat.buffer view.screen view.select consent.permit consent chat.events chat.rows "
    .. "chat.lines chat.format chat.outline view.highlight view.below view.usage view.phase "
    .. "view.status view.progress chat.unsaved chat.ending chat.update chat.reload "
    .. "chat.answer chat.refusal chat.running commands command.first_answer "
    .. "program.request_fields program.query chat.recover chat.disk command.window "
    .. "chat.recent view.diagnostics embed.text embed.file_watch view.size embed.show "
    .. "vim.lsp.log vim.lsp.util vim.lsp.rpc vim.lsp.handlers vim.lsp.client lsp.transport "
    .. "lsp.client",
  " "
)

local keys = api.nvim_create_namespace("chatvim.early")
--- The state of `load`, and the buffers waiting for it.
---@type "new"|"loading"|"loaded"
local progress = "new"
---@type integer[]
local waiting = {}

---@param chat chatvim.Chat
local function forget(chat)
  local autocommand = chat.early
  chat.early = nil
  if autocommand then
    pcall(api.nvim_del_autocmd, autocommand)
  end
end

--- Starts the program for a buffer in which the user acts, if it is watched and still an ordinary
--- markdown file.
---@param buf integer
local function use(buf)
  local chat = state.get(buf)
  if chat.early and vim.bo[buf].buftype == "" and vim.bo[buf].filetype == "markdown" then
    forget(chat)
    vim.schedule(function()
      M.start(buf)
    end)
  end
end

--- Waits for the next typed key, ignoring those of `:normal` and of mappings.
local function wait_for_key()
  vim.on_key(function(_, typed)
    if typed == "" then
      return
    end
    vim.on_key(nil, keys)
    vim.schedule(function()
      use(api.nvim_get_current_buf())
    end)
  end, keys)
end

--- Waits for the first insert or change in a markdown buffer. A change counts only if
--- a key is then pressed in that buffer: templates and formatters change files that the user is not
--- working on.
---@param buf integer
function M.watch(buf)
  local chat = state.attach(buf)
  if chat.early then
    return
  end
  chat.begins = api.nvim_buf_get_offset(buf, 1) <= 1
  chat.early = api.nvim_create_autocmd("InsertEnter", {
    group = api.nvim_create_augroup("chatvim.early", { clear = false }),
    buffer = buf,
    desc = "Chatvim: start the program for a file that may become a chat",
    callback = function()
      use(buf)
    end,
  })
end

state.on("lines", function(chat)
  if chat.early and chat.shown then
    forget(chat) -- It has become a chat, so the program is running.
  elseif chat.early then
    wait_for_key()
  end
end)

state.on("detach", forget)

--- Starts the program, which does not connect to any server yet, and loads the modules.
---@param buf integer
function M.start(buf)
  if not api.nvim_buf_is_loaded(buf) then
    return
  end
  local process = require("chatvim.program.process")
  local settings = require("chatvim.config").get().settings
  process.warm({ settings = process.dictionary(settings) })
  if process.info() then
    M.load(buf)
  end
end

--- Attaches the language client if the buffer is a chat or one may begin in it. Does nothing before
--- the modules have been loaded.
---@param chat chatvim.Chat
function M.attach_client(chat)
  if progress == "loaded" and (chat.shown or chat.begins) then
    require("chatvim.lsp.client").attach(chat.buf)
  end
end

--- Shows the contents of embeds, if the buffer has any.
---@param chat chatvim.Chat
local function show_embeds(chat)
  local buf = chat.buf
  local loaded = chat.awaits_embed and api.nvim_buf_is_loaded(buf)
  if loaded and #require("chatvim.chat.outline").embeds(buf) > 0 then
    chat.awaits_embed = nil
    require("chatvim.embed.show").attach(buf)
  end
end

state.on("outline", function(chat, _, _, _, _, embeds)
  if embeds and chat.awaits_embed then
    vim.schedule(function()
      show_embeds(chat)
    end)
  end
end)

--- Whether a line that was typed may begin a chat: an embed, a delimiter or front matter.
---@param line string
---@return boolean
local function begins_chat(line)
  local settings = require("chatvim.config").get().settings
  return line:find("^ ? ? ?!%[") ~= nil
    or line == "+++"
    or require("chatvim.chat.detect").is_chat({ line }, settings)
end

-- Pages that had pictures before are not chats because of them.
state.on("lines", function(chat, first, _, new_last)
  if chat.begins ~= false or new_last - first > MOST then
    return
  end
  for _, line in ipairs(api.nvim_buf_get_lines(chat.buf, first, new_last, false)) do
    if begins_chat(line) then
      chat.begins = true
      vim.schedule(function()
        M.attach_client(chat)
      end)
      return
    end
  end
end)

--- Shows the contents of embeds in a markdown buffer that is not a chat yet, once a line begins
--- with `![`.
---@param buf integer
local function follow_embeds(buf)
  if vim.bo[buf].filetype ~= "markdown" or state.get(buf).shown then
    return
  end
  local chat = state.attach(buf)
  chat.awaits_embed = true
  require("chatvim.chat.outline").follow(buf)
  show_embeds(chat)
end

--- Warms up the functions that an answer calls before anything is sent: the first call of a
--- function takes twice as long as later ones.
---@param buf integer
local function warm_up(buf)
  require("chatvim.chat.refusal").of_answer(buf)
  require("chatvim.chat.recover").path(buf)
  require("chatvim.program.request_fields").whole(buf, require("chatvim.consent.permit").none())
end

---@param name string of `MODULES`
local function load_module(name)
  local theirs = name:match("^vim%.(.*)$")
  if theirs then
    pcall(require, "vim." .. theirs)
  else
    require("chatvim." .. name)
  end
end

---@param buf integer
local function prepare(buf)
  if api.nvim_buf_is_loaded(buf) then
    warm_up(buf)
    follow_embeds(buf)
    M.attach_client(state.get(buf))
  end
end

--- Loads the modules that an answer needs, one at a time, then prepares the buffer.
---@param buf integer
function M.load(buf)
  if progress == "loaded" then
    return prepare(buf)
  end
  table.insert(waiting, buf)
  if progress == "loading" then
    return
  end
  progress = "loading"
  local function load(index)
    if MODULES[index] then
      load_module(MODULES[index])
      vim.defer_fn(function()
        load(index + 1)
      end, PAUSE)
      return
    end
    progress = "loaded"
    for _, waiting_buf in ipairs(waiting) do
      prepare(waiting_buf)
    end
    waiting = {}
  end
  load(1)
end

return M
