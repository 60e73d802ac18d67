-- SPDX-License-Identifier: Apache-2.0
-- The public interface: `require("chatvim")`.
local M = {}

--- One message of a chat.
---@class chatvim.Message
---@field role "user"|"assistant"|"system"
---@field content string

--- Timeout of `messages`, in ms.
local LIMIT = 2000

--- Stores options. Calling it is optional, as `vim.g.chatvim` does the same. Open buffers are
--- updated, because a plugin manager may load this plugin and open a chat before it calls `setup`.
---@param options? chatvim.Options
function M.setup(options)
  require("chatvim.config").setup(options)
  local open = package.loaded["chatvim.chat.open"]
  if open then
    open.refresh()
  end
end

---@param buf? integer
---@return integer
local function buffer(buf)
  if buf == nil or buf == 0 then
    return vim.api.nvim_get_current_buf()
  end
  if type(buf) ~= "number" or not vim.api.nvim_buf_is_loaded(buf) then
    error(("chatvim: buf must be a loaded buffer, not %s"):format(tostring(buf)), 3)
  end
  return buf
end

--- Answers the chat in a buffer, like `:ChatvimComplete`.
---@param buf? integer the current one if not given
function M.complete(buf)
  require("chatvim.chat.running").start(buffer(buf))
end

--- Stops the answer in a buffer, like `:ChatvimStop`.
---@param buf? integer the current one if not given
---@return boolean stopped false if no answer was being written
function M.stop(buf)
  return require("chatvim.chat.running").stop(buffer(buf))
end

--- Returns the progress of the answer in a buffer for a statusline, such as "grok-4.7 writing 3 s",
--- or "" if no answer is being written there. Without `buf`, it is the current buffer's, followed
--- by the total if other answers are being written too: "grok-4.7 writing 3 s · 3 answers". The
--- statusline is redrawn while an answer is being written, and when it ends.
---@param buf? integer 0 is the current one
---@return string
function M.status(buf)
  local status = require("chatvim.view.status")
  return buf == nil and status.all(buffer()) or status.of(buffer(buf))
end

--- Returns the size of the chat in a buffer, embeds included, for a statusline: "about 12K of 400K
--- tokens", or "" while it is unknown. The first call requests an estimate, which is updated about
--- a second after an edit, when the file is written and when an answer ends; the statusline is then
--- redrawn.
---@param buf? integer the current one if not given
---@return string text
---@return chatvim.Size? size the same in numbers: `tokens`, and `context` and `price` if known
function M.tokens(buf)
  buf = buffer(buf)
  require("chatvim.view.status").touch()
  local size = require("chatvim.embed.show").size(buf)
  return size and require("chatvim.view.size").short(size) or "", size
end

--- Returns the model of the chat in a buffer, and the progress of its answer or the usage of its
--- last one, for a 'winbar' or 'statusline' (`%{%v:lua.require'chatvim'.winbar()%}`). `%` is
--- doubled.
---@param buf? integer the current one if not given
---@return string
function M.winbar(buf)
  return require("chatvim.view.winbar").text(buffer(buf))
end

--- Returns the messages of the chat in a buffer as they would be sent. Waits up to two seconds for
--- the program.
---@param buf? integer the current one if not given
---@return chatvim.Message[]? messages
---@return string? err the reason if `messages` is nil
function M.messages(buf)
  return require("chatvim.program.query").wait("messages", buffer(buf), LIMIT)
end

return M
