-- SPDX-License-Identifier: Apache-2.0
-- The key that answers a chat, which is mapped in every markdown buffer. If a file does not look
-- like a chat, asks once before sending all of it, as `:confirm ChatvimComplete` does.
local M = {}

local api = vim.api
local state = require("chatvim.chat.state")

--- Whether a buffer is a chat or has no file yet: text typed into a new buffer is a question.
---@param buf integer
---@return boolean
function M.is_chat(buf)
  local name = api.nvim_buf_get_name(buf)
  if name == "" or not vim.uv.fs_stat(name) then
    return true
  end
  local settings = require("chatvim.config").get().settings
  return state.get(buf).shown == true
    or vim.b[buf].chatvim_is_chat == true
    or require("chatvim.chat.detect").is_chat(api.nvim_buf_get_lines(buf, 0, -1, false), settings)
end

--- Answers the chat in the current buffer, asking first if the buffer is a file but not a chat.
function M.start()
  local buf = api.nvim_get_current_buf()
  local chat = require("chatvim.chat.running")
  if M.is_chat(buf) or chat.is_running(buf) then
    return chat.start(buf)
  end
  local name = vim.fn.fnamemodify(api.nvim_buf_get_name(buf), ":t")
  local options = {
    prompt = ("Nothing says that %s is a chat. Send all of it and append the answer?"):format(
      require("chatvim.view.printable").name(name)
    ),
  }
  vim.ui.select({ "No", "Yes" }, options, function(_, index)
    if index == 2 and api.nvim_buf_is_loaded(buf) then
      vim.b[buf].chatvim_is_chat = true
      chat.start(buf)
    end
  end)
end

return M
