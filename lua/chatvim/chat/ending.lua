-- SPDX-License-Identifier: Apache-2.0
-- The end of an answer: its remains in the buffer and the journal, the display, and the event.
local M = {}

local api = vim.api
local buffer = require("chatvim.chat.buffer")
local events = require("chatvim.chat.events")
local notify = require("chatvim.notify")
local places = require("chatvim.chat.place")
local process = require("chatvim.program.process")
local ui = require("chatvim.view.progress")

--- Returns a string from the channel; nil for null and "".
---@param value any
---@return string?
local function text(value)
  return type(value) == "string" and value ~= "" and value or nil
end

--- Returns the data of the ChatvimEnd event.
---@param answer chatvim.Answer
---@param fields table as for `finish`
---@return chatvim.Event
local function data(answer, fields)
  return {
    buf = answer.buf,
    provider = text(fields.provider) or answer.provider,
    model = text(fields.model) or answer.model,
    outcome = text(fields.outcome) or "error",
    code = text(fields.code),
    finish_reason = text(fields.finish_reason),
    usage = type(fields.usage) == "table" and next(fields.usage) and fields.usage or nil,
    price = tonumber(fields.price),
    seconds = tonumber(fields.seconds),
    seconds_to_text = tonumber(fields.seconds_to_text),
    message = text(fields.message),
  }
end

--- Keeps an answer's journal until its text is in the file. The owner of an exchange does so if
--- the answer goes elsewhere.
---@param answer chatvim.Answer
local function keep_journal(answer)
  local exchange = require("chatvim.chat.state").get(answer.buf).exchange
  if exchange and exchange.journal then
    exchange.kept = { id = answer.id, journal = answer.journal }
    return
  end
  local sequence = answer.place.sequence or 0
  require("chatvim.chat.unsaved").add(answer.buf, answer.id, answer.journal, sequence)
end

--- Ends an answer; every answer ends here.
---@param answer chatvim.Answer
---@param fields table `outcome` and other fields of the protocol's `ended`; `gone` if the buffer no
---  longer has the text; `asked` if the user is being asked about the problem
function M.finish(answer, fields)
  if answer.over then
    return
  end
  answer.over = true
  answer.on_end(fields.gone == true)
  process.forget(answer.id)
  local message, level = text(fields.message), text(fields.level)
  -- Remove the progress first, so that it is gone even if a later step fails.
  if answer.progress then
    ui.stop(answer.progress)
  end
  if api.nvim_buf_is_loaded(answer.buf) then
    if fields.kept and answer.wrote then
      keep_journal(answer)
    end
    fields.message, fields.advice = message, text(fields.advice)
    -- A chat refused before it was sent, such as an empty one, gets only a message.
    local failed = message ~= nil and fields.outcome == "error" and not fields.asked
    failed = failed and (level == "error" or answer.wrote == true)
    require("chatvim.view.usage").show(answer.place, fields, answer.wrote == true, failed)
    places.close(answer.place)
    if answer.wrote and not fields.gone and require("chatvim.config").get().autosave then
      require("chatvim.chat.autosave").write(answer.buf)
    end
  end
  local exchange = require("chatvim.chat.state").get(answer.buf).exchange
  if message and level and not fields.asked and not (exchange and exchange.quiet) then
    notify.show(message, level)
  end
  local result = data(answer, fields)
  events.fire("ChatvimEnd", result)
  local state = require("chatvim.chat.state")
  state.emit("ended", state.get(answer.buf), result, fields.asked == true)
  if result.outcome == "done" and api.nvim_buf_is_loaded(answer.buf) then
    require("chatvim.view.proposals").report(answer.buf)
  end
end

--- Reports that the user has not allowed what the program asked for when an answer ended.
---@param answer chatvim.Answer
function M.refuse(answer)
  local state = require("chatvim.chat.state")
  state.emit("refused", state.get(answer.buf))
end

--- Whether the program is about to write calls of tools, which `closing` then has.
---@param answer chatvim.Answer
---@return boolean
function M.has_calls(answer)
  local phase = answer.progress and answer.progress.phase
  return phase == "running" or phase == "asking"
end

--- Writes the calls that run and the next user delimiter when the program no longer can.
---@param answer chatvim.Answer
function M.close(answer)
  if (answer.wrote or M.has_calls(answer)) and answer.closing and #answer.closing > 0 then
    -- Without text before them, the lines may begin with the answer's delimiter.
    buffer.append(answer.place, answer.closing, not answer.wrote and answer.closing[1] ~= "")
  end
end

--- Writes the next user delimiter if part of a lost answer is still in the buffer.
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
