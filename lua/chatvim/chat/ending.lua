-- SPDX-License-Identifier: Apache-2.0
-- The end of an answer: what is left in the buffer and the journal, what is shown, and the event.
local M = {}

local api = vim.api
local buffer = require("chatvim.chat.buffer")
local events = require("chatvim.chat.events")
local notify = require("chatvim.notify")
local places = require("chatvim.chat.place")
local process = require("chatvim.program.process")
local ui = require("chatvim.view.progress")

--- A text that came over the channel; nil for null and "".
---@param value any
---@return string?
local function text(value)
  return type(value) == "string" and value ~= "" and value or nil
end

--- The data of the event for an answer's end.
---@param answer chatvim.Answer
---@param map table as for `finish`
---@return chatvim.Event
local function data(answer, map)
  return {
    buf = answer.buf,
    provider = text(map.provider) or answer.provider,
    model = text(map.model) or answer.model,
    outcome = text(map.outcome) or "error",
    finish_reason = text(map.finish_reason),
    usage = type(map.usage) == "table" and next(map.usage) and map.usage or nil,
    price = tonumber(map.price),
    seconds = tonumber(map.seconds),
    seconds_to_text = tonumber(map.seconds_to_text),
    message = text(map.message),
  }
end

--- Ends an answer; every answer ends here.
---@param answer chatvim.Answer
---@param map table `outcome`, and what else of the protocol's `ended` is known; `gone` if the
---  buffer does not have the text any more; `asked` if the user is asked about it
function M.finish(answer, map)
  if answer.over then
    return
  end
  answer.over = true
  answer.on_end(map.gone == true)
  process.forget(answer.id)
  local message, level = text(map.message), text(map.level)
  -- The mark of progress first: whatever fails after it, it is gone.
  if answer.progress then
    ui.stop(answer.progress)
  end
  if api.nvim_buf_is_loaded(answer.buf) then
    if map.kept and answer.wrote then
      local journal, sequence = answer.journal, answer.place.sequence or 0
      require("chatvim.chat.unsaved").add(answer.buf, answer.id, journal, sequence)
    end
    map.message, map.advice = message, text(map.advice)
    -- What was refused before it was sent, such as an empty chat, is only a message.
    local failed = message ~= nil and map.outcome == "error" and not map.asked
    failed = failed and (level == "error" or answer.wrote == true)
    require("chatvim.view.usage").show(answer.place, map, answer.wrote == true, failed)
    places.close(answer.place)
    if answer.wrote and not map.gone and require("chatvim.config").get().autosave then
      require("chatvim.chat.autosave").write(answer.buf)
    end
  end
  if message and level and not map.asked then
    notify.show(message, level)
  end
  events.fire("ChatvimEnd", data(answer, map))
end

--- Writes the next user delimiter if the program cannot do that any more.
---@param answer chatvim.Answer
function M.close(answer)
  if answer.wrote and answer.closing and #answer.closing > 0 then
    buffer.append(answer.place, answer.closing, false)
  end
end

--- Writes the next user delimiter if a part of a lost answer is still there.
---@param answer chatvim.Answer
function M.close_turn(answer)
  local delimiters = require("chatvim.chat.outline").delimiters(answer.buf)
  if answer.place.scattered or buffer.ends_with_answer(answer.buf, delimiters) then
    buffer.close_turn(answer.buf, delimiters.user)
  end
end

--- Ends an answer that has lost its place in the buffer. Its text stays in the journal, unless the
--- user has undone it.
---@param answer chatvim.Answer
---@param reason string
---@param loss? chatvim.Loss
function M.lose(answer, reason, loss)
  local keep = loss ~= "undone"
  process.tell("cancel", { id = answer.id, keep = keep })
  local message = "the answer was stopped: " .. reason
  if keep then
    message = ":ChatvimRecover puts back what had come; " .. message
  end
  M.close_turn(answer)
  M.finish(answer, {
    outcome = "stopped",
    gone = true,
    level = keep and "warn" or "info",
    message = message,
  })
end

return M
