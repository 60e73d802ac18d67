-- SPDX-License-Identifier: Apache-2.0
-- One answer, from the question to its end: sends the chat, and passes the program's messages on to
-- the buffer, the progress display and the events.
local M = {}

local api = vim.api
local consent = require("chatvim.consent")
local ending = require("chatvim.chat.ending")
local events = require("chatvim.chat.events")
local permits = require("chatvim.consent.permit")
local places = require("chatvim.chat.place")
local process = require("chatvim.program.process")
local ui = require("chatvim.view.progress")
local updates = require("chatvim.chat.update")
-- Subscribes to what happens to the buffers of answers.
require("chatvim.chat.reload")

--- Timeout for the program to end a stopped answer, in ms; then it ends without the program.
M.stop_limit = 1000
--- Retry limit when the text changes before the program has reported where the answer goes.
local TRIES = 3

--- A running answer. Owned by `chat/running.lua`, one per buffer.
---@class chatvim.Answer
---@field id integer
---@field buf integer
---@field mode "answer"|"continue"|"retry"
---@field permit chatvim.Permit
---@field override? table<string, any> settings of this answer, stronger than the document's
---@field tick integer b:changedtick of the text that was sent
---@field tries integer how often it may still be sent
---@field place chatvim.Place
---@field journal string the path of its journal
---@field placed boolean `place` is final: the program has reported where the answer goes
---@field progress? chatvim.Progress nil until the chat has been sent
---@field provider? string
---@field model? string
---@field blocked? boolean text waits for the buffer to become changeable
---@field reloading? boolean the buffer is being reloaded
---@field wrote? boolean
---@field left_out? boolean the next user delimiter was omitted because the user has typed one
---@field over? boolean
---@field on_end fun(gone: boolean) called once, before the end is shown or reported; `gone`: the
---  buffer no longer has the text
---@field again fun() starts the same kind of answer again, after the user has allowed more
---@field closing? string[] lines that end the answer when the program cannot; may be empty

--- Returns a string from the channel; nil for null and "".
---@param value any
---@return string?
local function text(value)
  return type(value) == "string" and value ~= "" and value or nil
end

local ask

---@param answer chatvim.Answer
local function resend(answer)
  process.forget(answer.id)
  places.reset(answer.place)
  local err = ask(answer)
  if err then
    ending.finish(answer, { outcome = "error", level = "error", message = err })
  end
end

--- Sends the chat again because the buffer has changed since it was sent, so that the reported
--- place would be wrong.
---@param answer chatvim.Answer
local function ask_anew(answer)
  process.tell("cancel", { id = answer.id })
  if answer.tries == 0 then
    local message = "the chat keeps changing; ask again when nothing edits it"
    return ending.finish(answer, { outcome = "error", level = "warn", message = message })
  end
  resend(answer)
end

local receive

---@type table<string, fun(answer: chatvim.Answer, fields: table)>
local handlers = {
  update = function(answer, fields)
    updates.apply(answer, fields, function()
      receive(answer, "update", fields)
    end)
  end,
  progress = function(answer, fields)
    ui.update(answer.progress, fields)
    if type(fields.closing) == "table" then
      answer.closing = fields.closing
    end
  end,
  question = function(answer, fields)
    require("chatvim.consent.tools").ask(answer, fields, function(decision, reason, content)
      if not answer.over then
        process.tell("decide", {
          id = answer.id,
          number = fields.number,
          decision = decision,
          reason = reason,
          content = content,
        })
      end
    end)
  end,
  started = function(answer, fields)
    answer.provider, answer.model = text(fields.provider), text(fields.model)
    answer.progress.model = answer.model and require("chatvim.view.printable").name(answer.model)
    answer.closing = type(fields.closing) == "table" and fields.closing or nil
    ui.draw(answer.progress)
    events.fire("ChatvimStart", {
      buf = answer.buf,
      provider = answer.provider,
      model = answer.model,
    })
  end,
  place = function(answer, fields)
    if api.nvim_buf_get_changedtick(answer.buf) ~= answer.tick then
      return ask_anew(answer)
    end
    places.move(answer.place, fields)
    answer.placed = true
    ui.draw(answer.progress)
  end,
  diagnostics = function(answer, fields)
    require("chatvim.view.diagnostics").show(answer.buf, fields.items)
  end,
  ended = function(answer, fields)
    if permits.want(answer.permit, fields.unsaved) then
      return resend(answer)
    end
    fields.asked = consent.ask(answer.buf, fields, answer.permit, answer.again, function()
      ending.refuse(answer)
    end)
    ending.finish(answer, fields)
  end,
  down = function(answer, fields)
    ending.close(answer)
    local message = fields.message
    if fields.started then
      message = message .. "; the text so far is kept, and :ChatvimComplete starts it again"
      if require("chatvim.chat.recover").exists(answer.buf) then
        message = message .. "; :ChatvimRecover adds what else had arrived"
      end
    end
    local level = not fields.quiet and "error" or nil
    fields.quiet = true
    ending.finish(answer, { outcome = "error", level = level, message = message })
  end,
}

--- Handles a protocol message about an answer. An error in a handler ends the answer.
---@param answer chatvim.Answer
---@param name string
---@param fields table
function receive(answer, name, fields)
  local handler = handlers[name]
  if not handler or answer.over then
    return
  end
  local ok, err = pcall(handler, answer, fields)
  if not ok then
    process.tell("cancel", { id = answer.id, keep = true })
    local message = ("internal error at '%s': %s"):format(name, err)
    ending.finish(answer, { outcome = "error", level = "error", message = message })
  end
end

--- Sets the fields about the answer's journal. That of an exchange may be its source's, where the
--- answer belongs in the end.
---@param answer chatvim.Answer
---@param fields table
local function set_journal(answer, fields)
  local exchange = require("chatvim.chat.state").get(answer.buf).exchange
  local given = exchange and exchange.journal
  answer.journal = given or require("chatvim.chat.recover").path(answer.buf)
  fields.journal = answer.journal ~= "" and answer.journal or nil
  local is_source = exchange and given and given ~= ""
  local chat = is_source and exchange.source or answer.buf
  fields.unsaved_answer = require("chatvim.chat.unsaved").last(chat)
end

--- Sends the chat as it is now.
---@param answer chatvim.Answer
---@return string? err
function ask(answer)
  answer.id = process.next_id()
  answer.tick = api.nvim_buf_get_changedtick(answer.buf)
  answer.tries = answer.tries - 1
  process.listen(answer.id, function(name, fields)
    receive(answer, name, fields)
  end)
  local fields = require("chatvim.program.request_fields").whole(answer.buf, answer.permit)
  fields.id = answer.id
  fields.settings = require("chatvim.program.request_fields").settings(answer.buf)
  fields.override = answer.override or fields.override
  fields.mode = answer.mode
  set_journal(answer, fields)
  fields.asks = consent.can_ask()
  local err, tail = process.send_text("complete", fields, answer.buf)
  if tail then
    places.learn(answer.place, table.concat(tail))
  end
  return err
end

--- Requests an answer in a buffer that can take one.
---@param buf integer
---@param mode "answer"|"continue"|"retry"
---@param permit chatvim.Permit
---@param on_end fun(gone: boolean) as in `chatvim.Answer`; may be called before this returns
---@param again fun() as in `chatvim.Answer`
---@param override? table<string, any> as in `chatvim.Answer`
---@return chatvim.Answer
function M.start(buf, mode, permit, on_end, again, override)
  local config = require("chatvim.config").get()
  ---@type chatvim.Answer
  local answer = {
    id = 0,
    buf = buf,
    mode = mode,
    permit = permit,
    override = override,
    tick = 0,
    tries = TRIES,
    journal = "",
    place = places.open(buf, config.follow),
    placed = mode == "answer",
    on_end = on_end,
    again = again,
  }
  local err = ask(answer)
  require("chatvim.chat.disk").adopt(buf)
  require("chatvim.view.highlight").attach(buf)
  if not require("chatvim.chat.state").get(buf).exchange then
    require("chatvim.chat.recent").use(buf)
  end
  -- Sending fails if the program is gone, which has then already ended the answer.
  if not answer.over then
    answer.progress = ui.start(answer.place)
  end
  if err then
    ending.finish(answer, { outcome = "error", level = "error", message = err })
  end
  return answer
end

--- Ends an answer as stopped without the program.
---@param answer chatvim.Answer
local function abandon(answer)
  -- The journal also has text that could not be inserted into the buffer.
  local came = answer.wrote == true or answer.blocked == true
  process.tell("cancel", { id = answer.id, keep = came, hold = came })
  ending.finish(answer, { outcome = "stopped", kept = came })
end

--- Stops an answer; what has arrived stays.
---@param answer chatvim.Answer
function M.stop(answer)
  local info = process.info()
  -- Without text or calls there is nothing for the program to end, and text still on its way is
  -- dropped.
  local has_more = answer.wrote or ending.has_calls(answer)
  if answer.blocked or not has_more or not info or not info.ready then
    abandon(answer)
    return
  end
  process.tell("stop", { id = answer.id })
  vim.defer_fn(function()
    if not answer.over then
      ending.close(answer)
      abandon(answer)
    end
  end, M.stop_limit)
end

return M
