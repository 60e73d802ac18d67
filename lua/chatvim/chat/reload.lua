-- SPDX-License-Identifier: Apache-2.0
-- Handles a running answer when its buffer is reloaded, unloaded or renamed.
local api = vim.api
local buffer = require("chatvim.chat.buffer")
local ending = require("chatvim.chat.ending")
local notify = require("chatvim.notify")
local places = require("chatvim.chat.place")
local process = require("chatvim.program.process")
local state = require("chatvim.chat.state")
local ui = require("chatvim.view.progress")

--- Finds an answer's place again after a reload, or ends the answer if the text is gone.
---@param answer chatvim.Answer
local function continue_after_reload(answer)
  local there = api.nvim_buf_is_loaded(answer.buf)
  if there and not buffer.settle(answer.place) then
    return ui.draw(answer.progress)
  end
  process.tell("cancel", { id = answer.id, keep = true })
  if there then
    ending.close_turn(answer)
  end
  ending.finish(answer, { outcome = "stopped", gone = true })
  if there then
    local what = answer.wrote and ":ChatvimRecover puts back what had come; " or ""
    notify.show(what .. "the answer was stopped: its buffer was read again from the disk", "info")
  end
end

--- Returns the running answer of a chat, or nil.
---@param chat chatvim.Chat
---@return chatvim.Answer?
local function answer_of(chat)
  local answer = chat.answer
  return type(answer) == "table" and answer or nil
end

--- Moves the journal when the chat's file name changes.
---@param chat chatvim.Chat
local function follow_name(chat)
  local answer = answer_of(chat)
  if not answer then
    return
  end
  local journal = require("chatvim.chat.recover").path(answer.buf)
  if journal ~= answer.journal then
    answer.journal = journal
    local file = api.nvim_buf_get_name(answer.buf)
    process.tell("move_journal", { id = answer.id, journal = journal, file = file })
  end
end

--- Keeps an answer's place across a reload of its buffer, and cancels the answer if the text is
--- gone after `:bdelete`, `:bwipeout`, or a reload with a different text.
---@param chat chatvim.Chat
local function follow_text(chat)
  local answer = answer_of(chat)
  -- Scheduled callbacks do not run while Neovim exits.
  if not answer or answer.over or answer.reloading or vim.v.exiting ~= vim.NIL then
    return
  end
  answer.reloading = true
  places.reload(answer.place)
  vim.schedule(function()
    answer.reloading = nil
    if not answer.over then
      continue_after_reload(answer)
    end
  end)
end

state.on("BufWritePost", follow_name)
state.on("BufFilePost", follow_name)
state.on("reload", follow_text)
state.on("BufUnload", follow_text)
