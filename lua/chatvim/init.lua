-- SPDX-License-Identifier: Apache-2.0
-- The public interface: `require("chatvim")`.
local M = {}

--- One message of a chat.
---@class chatvim.Message
---@field role "user"|"assistant"|"system"
---@field content string

--- So long `messages` waits for the program, in milliseconds.
local LIMIT = 2000

--- Stores options. Never needed: `vim.g.chatvim` does the same. Buffers that are open follow it: a
--- plugin manager may load this plugin, with a chat there, before that.
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
---@return boolean stopped false when none was being written
function M.stop(buf)
  return require("chatvim.chat.running").stop(buffer(buf))
end

--- What is being written, for a statusline: what the answer in a buffer is doing, such as "grok-4.7
--- writing 3 s", and empty when none is. Without a buffer it is the current one's, and how many
--- answers there are in all when others are written too: "grok-4.7 writing 3 s · 3 answers". What
--- shows it is drawn again while an answer runs, and at its end.
---@param buf? integer 0 is the current one
---@return string
function M.status(buf)
  local status = require("chatvim.view.status")
  return buf == nil and status.all(buffer()) or status.of(buffer(buf))
end

--- How large the chat in a buffer is, embeds and all, for a statusline: "about 12K of 400K tokens".
--- Empty while that is not known. It is estimated when something asks for it, and again about a
--- second after an edit, when the file is written and when an answer has ended; what shows it is
--- drawn again.
---@param buf? integer the current one if not given
---@return string text
---@return chatvim.Size? size the same in numbers: `tokens`, and `context` and `price` where known
function M.tokens(buf)
  buf = buffer(buf)
  require("chatvim.view.status").touch()
  local size = require("chatvim.embed.show").size(buf)
  return size and require("chatvim.view.size").short(size) or "", size
end

--- The model of the chat in a buffer and what its answer is doing, or what the last one took, for a
--- 'winbar' or 'statusline' (`%{%v:lua.require'chatvim'.winbar()%}`). `%` is doubled.
---@param buf? integer the current one if not given
---@return string
function M.winbar(buf)
  return require("chatvim.view.winbar").text(buffer(buf))
end

--- The messages of the chat in a buffer, as they would be sent. Waits for the program, at most
--- two seconds.
---@param buf? integer the current one if not given
---@return chatvim.Message[]? messages
---@return string? err why there are none
function M.messages(buf)
  return require("chatvim.program.query").wait("messages", buffer(buf), LIMIT)
end

return M
