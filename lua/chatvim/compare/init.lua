-- SPDX-License-Identifier: Apache-2.0
-- Several models on one question: each is asked in an exchange of its own, shown side by side. When
-- all have ended, the chat gets one answer, with the others folded in it.
local M = {}

local api = vim.api
local check = require("chatvim.compare.check")
local exchanges = require("chatvim.chat.exchange")
local notify = require("chatvim.notify")
local printable = require("chatvim.view.printable")
local recover = require("chatvim.chat.recover")
local running = require("chatvim.chat.running")
local state = require("chatvim.chat.state")
local view = require("chatvim.compare.view")
local write = require("chatvim.compare.write")

--- How many models can be asked at once.
M.MOST = 6
--- Where extmarks show the answers in chats.
M.namespace = api.nvim_create_namespace("chatvim.compare")

--- One model's answer.
---@class chatvim.Compare.Answer
---@field model string PROVIDER/NAME
---@field exchange chatvim.Exchange
---@field event? chatvim.Event how it ended

--- Several models on one question. Owned by this module, and by the state of its buffers.
---@class chatvim.Comparison
---@field source integer the chat
---@field list chatvim.Compare.Answer[]
---@field tab? integer the tab page that shows the answers
---@field chosen? integer the buffer whose answer the user has chosen
---@field answer? string the model whose answer the chat has; set when it is written
---@field starting? boolean not all have been asked yet
---@field collecting? boolean all have ended
---@field written? boolean
---@field mark? integer the extmark above the answer in the chat, in `namespace`

---@param comparison chatvim.Comparison
---@return integer[]
local function buffers(comparison)
  return vim.tbl_map(function(answer)
    return answer.exchange.buf
  end, comparison.list)
end

--- Returns a sentence about the models that gave no complete answer, or nil.
---@param list chatvim.Compare.Answer[]
---@return string?
local function failures(list)
  local parts = {}
  for _, answer in ipairs(list) do
    local event = answer.event
    if event and event.outcome == "error" then
      local why = event.message or "it failed"
      table.insert(parts, ("%s: %s"):format(printable.name(answer.model), why))
    end
  end
  return #parts > 0 and table.concat(parts, "; ") or nil
end

--- Returns the index of the answer that counts: the user's choice, else the first complete one,
--- else the first with text.
---@param comparison chatvim.Comparison
---@param texts table<integer, chatvim.Compare.Text>
---@return integer?
local function winner(comparison, texts)
  local first, complete
  for index, answer in ipairs(comparison.list) do
    if texts[index] then
      if answer.exchange.buf == comparison.chosen then
        return index
      end
      first = first or index
      complete = complete or (answer.event and answer.event.outcome == "done" and index) or nil
    end
  end
  return complete or first
end

--- Returns the texts in the order in which they are written: the one that counts first.
---@param comparison chatvim.Comparison
---@param texts table<integer, chatvim.Compare.Text>
---@return chatvim.Compare.Text[]
local function ordered(comparison, texts)
  local best = winner(comparison, texts)
  local list = { texts[best] }
  for index = 1, #comparison.list do
    if index ~= best and texts[index] then
      table.insert(list, texts[index])
    end
  end
  return list
end

--- Shows why no model has written anything, unless the user has stopped them.
---@param list chatvim.Compare.Answer[]
local function report_nothing(list)
  local why = failures(list)
  local stopped = vim.tbl_filter(function(answer)
    return answer.event and answer.event.outcome == "stopped"
  end, list)
  if why or #stopped == 0 then
    notify.show(why or "no model has written anything", "error")
  end
end

--- Shows how the comparison ended, and what can be done with it.
---@param comparison chatvim.Comparison
---@param texts chatvim.Compare.Text[]
local function report(comparison, texts)
  local failed = failures(comparison.list)
  local parts = {}
  if #texts > 1 then
    local choose = ":ChatvimChoose picks another answer than %s's"
    table.insert(parts, choose:format(printable.name(texts[1].model)))
  end
  parts[#parts + 1] = failed
  if #parts > 0 then
    notify.show(table.concat(parts, "; "), failed and "warn" or "info")
  end
end

--- Hands the journal of the first answer to the chat, which discards it when it is written.
---@param comparison chatvim.Comparison
local function keep_journal(comparison)
  local buf, kept = comparison.source, comparison.list[1].exchange.kept
  if kept then
    local change = api.nvim_buf_call(buf, vim.fn.changenr)
    require("chatvim.chat.unsaved").add(buf, kept.id, kept.journal, change)
  end
end

--- Ends a comparison whose answers are in the chat.
---@param comparison chatvim.Comparison
---@param texts chatvim.Compare.Text[]
local function finish(comparison, texts)
  comparison.answer = texts[1].model
  keep_journal(comparison)
  if require("chatvim.config").get().autosave then
    require("chatvim.chat.autosave").write(comparison.source)
  end
  if comparison.chosen then
    view.close(comparison.tab, comparison.source)
  end
  view.drop(buffers(comparison))
  report(comparison, texts)
end

--- Keeps the answers where they are, since they are not in the chat.
---@param comparison chatvim.Comparison
---@param err string
---@param level? string
local function give_up(comparison, err, level)
  view.keep(buffers(comparison))
  local kept = comparison.list[1].exchange.kept
  if kept then
    require("chatvim.program.process").tell("release", { id = kept.id })
  end
  local names =
    vim.tbl_map(api.nvim_buf_get_name, vim.tbl_filter(api.nvim_buf_is_loaded, buffers(comparison)))
  local message = "copy the answers from %s; they were not written: %s"
  notify.show(message:format(table.concat(names, ", "), err), level or "error")
end

---@param comparison chatvim.Comparison
local function write_answers(comparison)
  write.collect(comparison.list, function(texts)
    local chat, source = state.get(comparison.source), comparison.source
    local function done()
      chat.awaits = nil
      comparison.written = true
    end
    if not next(texts) then
      done()
      view.drop(buffers(comparison))
      return report_nothing(comparison.list)
    elseif not api.nvim_buf_is_loaded(source) then
      done()
      return give_up(comparison, "the chat was closed", "warn")
    end
    local list = ordered(comparison, texts)
    write.edit(source, "answers", { answers = list }, function(err, level, row)
      done()
      if err then
        return give_up(comparison, err, level)
      end
      comparison.mark = api.nvim_buf_set_extmark(source, M.namespace, row --[[@as integer]], 0, {})
      finish(comparison, list)
    end)
  end)
end

--- Writes the answers once the last of them has ended.
---@param comparison chatvim.Comparison
local function settle(comparison)
  if comparison.starting or comparison.collecting then
    return
  end
  for _, buf in ipairs(buffers(comparison)) do
    if api.nvim_buf_is_loaded(buf) and running.is_running(buf) then
      return
    end
  end
  comparison.collecting = true
  -- Later: the end of the last answer is still being handled.
  vim.schedule(function()
    write_answers(comparison)
  end)
end

--- Handles the end of one answer. The next question belongs in the chat, not here.
---@param comparison chatvim.Comparison
---@param answer chatvim.Compare.Answer
---@param event chatvim.Event
---@param asked boolean
local function on_end(comparison, answer, event, asked)
  answer.event = event
  local buf = answer.exchange.buf
  if not asked and api.nvim_buf_is_loaded(buf) then
    vim.bo[buf].modifiable = false
  end
  settle(comparison)
end

--- Asks the models, each in a buffer of its own.
---@param comparison chatvim.Comparison
---@param models string[]
local function ask(comparison, models)
  local lines = api.nvim_buf_get_lines(comparison.source, 0, -1, true)
  for _, model in ipairs(models) do
    local buf = view.buffer(model, lines)
    state.get(buf).comparison = comparison
    local exchange = {
      buf = buf,
      source = comparison.source,
      override = check.override(model),
      quiet = true,
      -- If Neovim dies, the first answer can be recovered in the chat.
      journal = #comparison.list == 0 and recover.path(comparison.source) or "",
    }
    table.insert(comparison.list, { model = model, exchange = exchange })
  end
  local tab, err = view.open(buffers(comparison))
  comparison.tab = tab
  if err then
    notify.show("not every answer is shown: " .. err, "warn")
  end
  for _, answer in ipairs(comparison.list) do
    answer.exchange.on_end = function(event, asked)
      on_end(comparison, answer, event, asked)
    end
    exchanges.start(answer.exchange)
  end
  comparison.starting = nil
  settle(comparison)
end

--- Says that the models cannot call tools, if the chat has any.
---@param buf integer
local function mention_tools(buf)
  require("chatvim.program.query").ask("tools", buf, function(_, value)
    for _, server in ipairs(type(value) == "table" and value.servers or {}) do
      if server.chosen then
        return notify.show("no tools while models are asked side by side", "info")
      end
    end
  end)
end

--- Asks several models the last question of a chat, or shows why it cannot.
---@param source integer
---@param names string[] NAME or PROVIDER/NAME, two to `MOST`
function M.start(source, names)
  local refusal = require("chatvim.chat.refusal").of_answer(source)
    or require("chatvim.command.window").refusal()
  if refusal then
    return notify.show(refusal, "warn")
  end
  ---@type chatvim.Comparison
  local comparison = { source = source, list = {}, starting = true }
  local chat = state.get(source)
  local stopped = false
  chat.awaits = {
    status = ("%d models"):format(#names),
    stop = function()
      stopped = true
      for _, buf in ipairs(buffers(comparison)) do
        running.stop(buf)
      end
    end,
  }
  check.run({
    buf = source,
    names = names,
    again = function()
      M.start(source, names)
    end,
    callback = function(models)
      if not models or stopped or not api.nvim_buf_is_loaded(source) then
        chat.awaits = nil
        return
      end
      mention_tools(source)
      ask(comparison, models)
    end,
  })
end

return M
