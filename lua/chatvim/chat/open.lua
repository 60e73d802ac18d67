-- SPDX-License-Identifier: Apache-2.0
-- Sets up a markdown buffer when it is opened: maps the default keys and, for a chat, shows it as a
-- chat and starts the program. For other buffers, `chat/early.lua` waits until they are edited.
local M = {}

local api = vim.api
local detect = require("chatvim.chat.detect")
local keys = require("chatvim.keys")
local state = require("chatvim.chat.state")

--- Sets 'linebreak' in the windows of a chat, unless the user has set it globally: answers have
--- long lines.
---@param buf integer
function M.break_lines(buf)
  if not require("chatvim.config").get().linebreak or vim.go.linebreak then
    return
  end
  local local_options = require("chatvim.view.local_options")
  local_options.set(buf, "linebreak", function(win)
    local_options.put(win, "linebreak", true)
  end)
end

--- Shows a buffer as a chat: highlighting, folds, winbar and embeds.
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
    end
  end)
  chat.shown = true
end

--- Returns the lines that are searched for signs of a chat.
---@param buf integer
---@return string[]
local function first_lines(buf)
  return api.nvim_buf_get_lines(buf, 0, detect.LOOK, false)
end

--- Handles an opened chat: shows it as a chat and starts the program.
---@param buf integer
local function open(buf)
  -- The outline may have been read in the middle of a reload.
  require("chatvim.chat.outline").forget(buf)
  show(buf)
  M.break_lines(buf)
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
    -- It may have got its name.
    require("chatvim.chat.early").attach_client(chat)
  elseif
    vim.bo[buf].filetype == "markdown"
    and vim.bo[buf].buftype == ""
    and detect.is_chat(first_lines(buf), require("chatvim.config").get().settings)
  then
    open(buf)
  end
end)

--- Sets up a markdown buffer. Reads at most 500 lines if it is not a chat.
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

--- Applies changed options to the open buffers: their keys, and the display of chats.
function M.refresh()
  keys.refresh(require("chatvim.config").get().keys)
  for _, chat in ipairs(state.all()) do
    if chat.shown then
      show(chat.buf)
    end
  end
end

--- Handles the start or end of an answer in a buffer. The first answer makes the buffer a chat,
--- whatever its file type. If the answer ended because its buffer was unloaded, nothing may be
--- attached to it any more.
---@param buf integer
---@param began boolean
function M.answered(buf, began)
  local chat = state.get(buf)
  if not api.nvim_buf_is_loaded(buf) or not (began or chat.shown) then
    return
  end
  if not chat.shown then
    show(buf)
    require("chatvim.chat.early").load(buf)
  end
  require("chatvim.chat.outline").refresh(buf)
end

return M
