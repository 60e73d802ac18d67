-- SPDX-License-Identifier: Apache-2.0
-- What happens when a markdown buffer is opened: the default keys are mapped. A chat is shown as
-- one, and the program started; for other buffers `chat/early.lua` waits until they are edited.
local M = {}

local api = vim.api
local detect = require("chatvim.chat.detect")
local keys = require("chatvim.keys")
local state = require("chatvim.chat.state")

--- Answers are long lines: windows of a chat break them between words, unless the user has set
--- 'linebreak'.
---@param buf integer
local function break_lines(buf)
  if not require("chatvim.config").get().linebreak or vim.go.linebreak then
    return
  end
  local local_options = require("chatvim.view.local_options")
  local_options.set(buf, "linebreak", function(win)
    local_options.put(win, "linebreak", true)
  end)
end

--- Shows a buffer as a chat: colours, folds and winbar; paths are completed.
---@param buf integer
local function show(buf)
  local config = require("chatvim.config").get()
  local chat = state.attach(buf)
  require("chatvim.view.highlight").attach(buf)
  if config.folds then
    require("chatvim.folds").attach(buf)
  end
  if config.winbar then
    require("chatvim.view.winbar").attach(buf)
  end
  -- Later, so that the file is on the screen first.
  vim.schedule(function()
    if chat.shown then
      require("chatvim.embed.show").attach(buf)
      require("chatvim.embed.complete_path").watch()
    end
  end)
  chat.shown = true
end

--- The lines in which a chat is recognized.
---@param buf integer
---@return string[]
local function first_lines(buf)
  return api.nvim_buf_get_lines(buf, 0, detect.LOOK, false)
end

--- A chat was opened: it is shown as one, and the program starts.
---@param buf integer
local function open(buf)
  -- The buffer may have been read in the middle of a reload.
  require("chatvim.chat.outline").forget(buf)
  show(buf)
  break_lines(buf)
  require("chatvim.chat.recent").add(buf)
  -- Later, so that the file is on the screen first.
  vim.schedule(function()
    if not api.nvim_buf_is_loaded(buf) then
      return
    end
    local process = require("chatvim.program.process")
    local fields = require("chatvim.program.request_fields").place(buf)
    fields.text = table.concat(detect.front_matter(first_lines(buf)), "\n")
    fields.settings = process.dictionary(require("chatvim.config").get().settings)
    process.open(fields)
    require("chatvim.chat.outline").refresh(buf)
    require("chatvim.chat.early").load(buf)
  end)
end

-- After a write the front matter may be different, or the file may have become a chat.
state.on("BufWritePost", function(chat)
  local buf = chat.buf
  if chat.shown then
    require("chatvim.chat.outline").refresh(buf)
  elseif
    vim.bo[buf].filetype == "markdown"
    and vim.bo[buf].buftype == ""
    and detect.is_chat(first_lines(buf), require("chatvim.config").get().settings)
  then
    open(buf)
  end
end)

--- Prepares a markdown buffer. Cheap: at most 500 lines are read if it is no chat.
---@param buf integer
function M.attach(buf)
  local config = require("chatvim.config").get()
  keys.attach(buf, config.keys)
  if vim.bo[buf].buftype ~= "" or not api.nvim_buf_is_loaded(buf) then
    return
  end
  require("chatvim.chat.recover").offer(buf)
  require("chatvim.chat.disk").adopt(buf)
  if detect.is_chat(first_lines(buf), config.settings) then
    open(buf)
  else
    require("chatvim.chat.early").watch(buf)
  end
end

--- Applies changed options to the open buffers: their keys, and what is shown of chats.
function M.refresh()
  keys.refresh(require("chatvim.config").get().keys)
  for _, chat in ipairs(state.all()) do
    if chat.shown then
      show(chat.buf)
    end
  end
end

--- An answer has begun or ended in a buffer. The first one makes it a chat, whatever its file type.
--- An answer may end because its buffer is unloaded: nothing must be attached to that any more.
---@param buf integer
---@param began boolean
function M.answered(buf, began)
  local chat = state.get(buf)
  if not api.nvim_buf_is_loaded(buf) or not (began or chat.shown) then
    return
  end
  if not chat.shown then
    show(buf)
  end
  require("chatvim.chat.outline").refresh(buf)
end

return M
