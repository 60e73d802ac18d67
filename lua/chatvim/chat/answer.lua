-- SPDX-License-Identifier: Apache-2.0
-- One answer, from the question to its one end: what the program says about it becomes text in the
-- buffer, progress beside it and events.
local M = {}

local api = vim.api
local uv = vim.uv or vim.loop
local buffer = require("chatvim.chat.buffer")
local consent = require("chatvim.consent")
local events = require("chatvim.chat.events")
local notify = require("chatvim.notify")
local places = require("chatvim.chat.place")
local process = require("chatvim.program.process")
local screen = require("chatvim.view.screen")
local state = require("chatvim.chat.state")
local ui = require("chatvim.view.progress")

--- So long a text that cannot be put into the buffer waits between two tries, in milliseconds.
local RETRY = 50
--- After an update that takes longer than this, in milliseconds, the next one waits for as long: an
--- editor for which text is costly stays usable.
local COSTLY = 25
--- How many lines below an answer are looked at for a delimiter.
local LOOK = 50
--- So long the program may take to end a stopped answer, in milliseconds; after that it ends
--- without the program.
M.stop_limit = 1000
--- So often a chat is sent again when its text changes before the program has said where the answer
--- goes.
local TRIES = 3

--- An answer that runs. Owned by `chat/running.lua`, one per buffer.
---@class chatvim.Answer
---@field id integer
---@field buf integer
---@field mode "answer"|"continue"|"retry"
---@field permit chatvim.Permit
---@field tick integer b:changedtick of the text that was sent
---@field tries integer how often it may still be sent
---@field place chatvim.Place
---@field journal string the path of its journal
---@field placed boolean the place is where the answer goes
---@field progress chatvim.Progress
---@field provider? string
---@field model? string
---@field blocked? boolean text waits for the buffer to become changeable
---@field reloading? boolean the buffer is being read again
---@field wrote? boolean
---@field left_out? boolean the next user delimiter was left out, as the user has typed one
---@field over? boolean
---@field on_end fun(gone: boolean) called once, before anybody is told; `gone`: the buffer has the
---  text no more
---@field again fun() starts another answer like it, for which a person has allowed more
---@field closing? string[] lines that end the answer when the program cannot; maybe none

--- A text that came over the channel; null and "" are nothing.
---@param value any
---@return string?
local function text(value)
  return type(value) == "string" and value ~= "" and value or nil
end

--- What the event says of an answer's end.
---@param answer chatvim.Answer
---@param map table as for `_finish`
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

--- The one end of an answer.
---@param answer chatvim.Answer
---@param map table `outcome`, and what else of the protocol's `ended` is known; `gone` where the
---  buffer has the text no more; `asked` where a person is asked about it
local function finish(answer, map)
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
    -- What was refused before it was sent, such as an empty chat, is a word in passing.
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

local ask

---@param answer chatvim.Answer
local function resend(answer)
  process.forget(answer.id)
  places.reset(answer.place)
  local err = ask(answer, require("chatvim.config").get().settings)
  if err then
    finish(answer, { outcome = "error", level = "error", message = err })
  end
end

--- Sends the chat again: the text that was sent is not the buffer's any more, so that a place in it
--- would be a wrong one.
---@param answer chatvim.Answer
local function ask_anew(answer)
  process.tell("cancel", { id = answer.id })
  if answer.tries == 0 then
    local message = "the chat keeps changing; ask again when nothing edits it"
    return finish(answer, { outcome = "error", level = "warn", message = message })
  end
  resend(answer)
end

--- Makes the chat ready for the next turn where the program cannot do that any more.
---@param answer chatvim.Answer
local function close(answer)
  if answer.wrote and answer.closing and #answer.closing > 0 then
    buffer.append(answer.place, answer.closing, false)
  end
end

--- The lines of an update without the next user delimiter, where the user has typed one below the
--- answer meanwhile: theirs would stand under an empty one.
---@param answer chatvim.Answer
---@param lines string[]
---@return string[]
local function without_second_delimiter(answer, lines)
  local last = #lines
  while last > 0 and not lines[last]:find("%S") do
    last = last - 1
  end
  -- What follows a delimiter that was left out may come in an update of its own.
  if last == 0 and answer.left_out then
    return { "" }
  end
  local user = require("chatvim.chat.outline").delimiters(answer.buf).user
  -- After an edit of the whole buffer the place must be found again first: its mark may stand above
  -- the question, whose delimiter is not the next one.
  if lines[last] ~= user or buffer.settle(answer.place) then
    return lines
  end
  local row = places.position(answer.place)
  local below = row and api.nvim_buf_get_lines(answer.buf, row + 1, row + 1 + LOOK, false) or {}
  for _, line in ipairs(below) do
    if require("chatvim.chat.lines").bare(line) == user then
      answer.place.bare, answer.left_out = true, true
      local kept = vim.list_slice(lines, 1, last - 1)
      while #kept > 0 and not kept[#kept]:find("%S") do
        table.remove(kept)
      end
      return #kept > 0 and kept or { "" }
    elseif line:find("%S") then
      break
    end
  end
  return lines
end

local receive

--- Text for a buffer that cannot take it now.
---@param answer chatvim.Answer
---@param map table
local function try_later(answer, map)
  vim.defer_fn(function()
    receive(answer, "update", map)
  end, RETRY)
end

--- Makes the chat ready for the next question where a part of a lost answer is still there.
---@param answer chatvim.Answer
local function close_turn(answer)
  local delimiters = require("chatvim.chat.outline").delimiters(answer.buf)
  if answer.place.scattered or buffer.ends_with_answer(answer.buf, delimiters) then
    buffer.close_turn(answer.buf, delimiters.user)
  end
end

--- Ends an answer that has no place in its buffer any more. What has come stays in its journal,
--- unless the user has undone it.
---@param answer chatvim.Answer
---@param reason string
---@param loss? chatvim.Loss
local function lose(answer, reason, loss)
  local keep = loss ~= "undone"
  process.tell("cancel", { id = answer.id, keep = keep })
  local message = "the answer was stopped: " .. reason
  if keep then
    message = ":ChatvimRecover puts back what had come; " .. message
  end
  close_turn(answer)
  finish(answer, {
    outcome = "stopped",
    gone = true,
    level = keep and "warn" or "info",
    message = message,
  })
end

--- Tells the program that an update is in the buffer, so that it sends the next one.
---@param answer chatvim.Answer
---@param sequence integer
---@param cost number milliseconds that it took
local function acknowledge(answer, sequence, cost)
  local message = { id = answer.id, sequence = sequence }
  if cost < COSTLY then
    process.send("acknowledge", message)
    return
  end
  -- The loop's clock stood still during the update.
  uv.update_time()
  vim.defer_fn(function()
    if not answer.over then
      process.tell("acknowledge", message)
    end
  end, math.ceil(cost))
end

--- Puts text into the buffer and acknowledges it once it is there.
---@param answer chatvim.Answer
---@param map table
local function update(answer, map)
  local began = uv.hrtime()
  if answer.reloading then
    return try_later(answer, map)
  end
  local lines = without_second_delimiter(answer, map.lines)
  local outcome, reason, loss = buffer.append(answer.place, lines, map.line_start == true)
  answer.progress.phase = text(map.phase) or answer.progress.phase
  if outcome == "done" then
    acknowledge(answer, map.sequence, (uv.hrtime() - began) / 1e6)
    answer.wrote, answer.blocked = true, false
    answer.closing = type(map.closing) == "table" and map.closing or answer.closing
    answer.progress.blocked = nil
    ui.touch(answer.progress)
    screen.touch(answer.buf)
  elseif outcome == "blocked" then
    answer.blocked = true
    answer.progress.blocked = reason
    ui.touch(answer.progress)
    try_later(answer, map)
  else
    lose(answer, tostring(reason), loss)
  end
end

---@type table<string, fun(answer: chatvim.Answer, map: table)>
local handlers = {
  update = function(answer, map)
    update(answer, map)
  end,
  progress = function(answer, map)
    ui.update(answer.progress, map)
  end,
  started = function(answer, map)
    answer.provider, answer.model = text(map.provider), text(map.model)
    answer.progress.model = answer.model and require("chatvim.view.printable").name(answer.model)
    answer.closing = type(map.closing) == "table" and map.closing or nil
    ui.draw(answer.progress)
    events.fire("ChatvimStart", {
      buf = answer.buf,
      provider = answer.provider,
      model = answer.model,
    })
  end,
  place = function(answer, map)
    if api.nvim_buf_get_changedtick(answer.buf) ~= answer.tick then
      return ask_anew(answer)
    end
    places.move(answer.place, map)
    answer.placed = true
    ui.draw(answer.progress)
  end,
  diagnostics = function(answer, map)
    require("chatvim.view.diagnostics").show(answer.buf, map.items)
  end,
  ended = function(answer, map)
    if consent.want(answer.permit, map.unsaved) then
      return resend(answer)
    end
    map.asked = consent.ask(answer.buf, map, answer.permit, answer.again)
    finish(answer, map)
  end,
  down = function(answer, map)
    close(answer)
    local message = map.message
    if map.started then
      message = message .. "; the text so far is kept, and :ChatvimComplete starts it again"
      if require("chatvim.chat.recover").exists(answer.buf) then
        message = message .. "; :ChatvimRecover adds what else had arrived"
      end
    end
    local level = not map.quiet and "error" or nil
    map.quiet = true
    finish(answer, { outcome = "error", level = level, message = message })
  end,
}

--- What the program says about an answer. An error in here ends the answer.
---@param answer chatvim.Answer
---@param name string
---@param map table
function receive(answer, name, map)
  local handler = handlers[name]
  if not handler or answer.over then
    return
  end
  local ok, err = pcall(handler, answer, map)
  if not ok then
    process.tell("cancel", { id = answer.id, keep = true })
    local message = ("internal error at '%s': %s"):format(name, err)
    finish(answer, { outcome = "error", level = "error", message = message })
  end
end

--- Sends the chat as it is now.
---@param answer chatvim.Answer
---@param settings table<string, any>
---@return string? err
function ask(answer, settings)
  answer.id = process.next_id()
  answer.tick = api.nvim_buf_get_changedtick(answer.buf)
  answer.tries = answer.tries - 1
  answer.journal = require("chatvim.chat.recover").path(answer.buf)
  process.listen(answer.id, function(name, map)
    receive(answer, name, map)
  end)
  local fields = require("chatvim.program.request_fields").whole(answer.buf, answer.permit)
  fields.id = answer.id
  fields.settings = process.dictionary(settings)
  fields.mode = answer.mode
  fields.journal = answer.journal
  fields.unsaved_answer = require("chatvim.chat.unsaved").last(answer.buf)
  fields.asks = consent.can_ask()
  local err, tail = process.send_text("complete", fields, answer.buf)
  if tail then
    places.learn(answer.place, table.concat(tail))
  end
  return err
end

--- Looks for an answer's place in a buffer that was read again; one that went away has none.
---@param answer chatvim.Answer
local function go_on_after_reload(answer)
  local there = api.nvim_buf_is_loaded(answer.buf)
  if there and not buffer.settle(answer.place) then
    return ui.draw(answer.progress)
  end
  process.tell("cancel", { id = answer.id, keep = true })
  if there then
    close_turn(answer)
  end
  finish(answer, { outcome = "stopped", gone = true })
  if there then
    local what = answer.wrote and ":ChatvimRecover puts back what had come; " or ""
    notify.show(what .. "the answer was stopped: its buffer was read again from the disk", "info")
  end
end

--- The running answer of a chat.
---@param chat chatvim.Chat
---@return chatvim.Answer?
local function answer_of(chat)
  local answer = chat.answer
  return type(answer) == "table" and answer or nil
end

--- Moves the journal along when the chat gets another file.
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

--- Keeps an answer's place through a reload of its buffer, and cancels it when the text goes away:
--- `:bdelete`, `:bwipeout`, or a reload that brings another text.
---@param chat chatvim.Chat
local function follow_text(chat)
  local answer = answer_of(chat)
  -- Nothing that is scheduled runs while Neovim exits.
  if not answer or answer.over or answer.reloading or vim.v.exiting ~= vim.NIL then
    return
  end
  answer.reloading = true
  places.reload(answer.place)
  vim.schedule(function()
    answer.reloading = nil
    if not answer.over then
      go_on_after_reload(answer)
    end
  end)
end

state.on("written", follow_name)
state.on("renamed", follow_name)
state.on("reload", follow_text)
state.on("unload", follow_text)

--- Asks for an answer in a buffer that is fit for it.
---@param buf integer
---@param mode "answer"|"continue"|"retry"
---@param permit chatvim.Permit
---@param on_end fun(gone: boolean) as in `chatvim.Answer`; maybe called before this returns
---@param again fun() as in `chatvim.Answer`
---@return chatvim.Answer
function M.start(buf, mode, permit, on_end, again)
  local config = require("chatvim.config").get()
  ---@type chatvim.Answer
  local answer = {
    id = 0,
    buf = buf,
    mode = mode,
    permit = permit,
    tick = 0,
    tries = TRIES,
    journal = "",
    place = places.open(buf, config.follow),
    placed = mode == "answer",
    progress = nil,
    on_end = on_end,
    again = again,
  }
  local err = ask(answer, config.settings)
  require("chatvim.chat.disk").adopt(buf)
  require("chatvim.view.highlight").attach(buf)
  require("chatvim.chat.recent").use(buf)
  answer.progress = ui.start(answer.place)
  if err then
    finish(answer, { outcome = "error", level = "error", message = err })
  end
  return answer
end

--- Ends an answer as stopped without the program.
---@param answer chatvim.Answer
local function abandon(answer)
  -- Text that the buffer could not take is in the journal too.
  local came = answer.wrote == true or answer.blocked == true
  process.tell("cancel", { id = answer.id, keep = came, hold = came })
  finish(answer, { outcome = "stopped", kept = came })
end

--- Stops an answer; what has arrived stays.
---@param answer chatvim.Answer
function M.stop(answer)
  local info = process.info()
  -- Without text there is nothing for the program to end, and what is on its way comes too late.
  if answer.blocked or not answer.wrote or not info or not info.ready then
    abandon(answer)
    return
  end
  process.tell("stop", { id = answer.id })
  vim.defer_fn(function()
    if not answer.over then
      close(answer)
      abandon(answer)
    end
  end, M.stop_limit)
end

return M
