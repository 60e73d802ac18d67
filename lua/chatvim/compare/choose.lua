-- SPDX-License-Identifier: Apache-2.0
-- Chooses which of several models' answers counts: in the side-by-side view, or in a chat with the
-- cursor on one that is folded.
local M = {}

local api = vim.api
local notify = require("chatvim.notify")
local state = require("chatvim.chat.state")
local view = require("chatvim.compare.view")
local write = require("chatvim.compare.write")

--- The first line of a folded answer, see doc/format.md.
local FOLDED = "<details><summary>Answer: %s</summary>"

---@param err string?
---@param level? string
local function report(err, level)
  if err then
    notify.show(err, level)
  end
end

--- Makes a folded answer of a chat the one that counts.
---@param buf integer
---@param row integer from 0
---@param callback fun(err?: string, level?: string)
local function choose(buf, row, callback)
  local refusal = require("chatvim.chat.refusal").of_answer(buf)
  if refusal then
    return callback(refusal, "warn")
  end
  write.edit(buf, "choose", { row = row }, callback)
end

--- Returns the row of a model's folded answer, in the answer that has been written for a
--- comparison.
---@param comparison chatvim.Comparison
---@param model string PROVIDER/NAME
---@return integer? row from 0
local function find_folded(comparison, model)
  local buf, namespace = comparison.source, require("chatvim.compare").namespace
  local at = api.nvim_buf_get_extmark_by_id(buf, namespace, comparison.mark or 0, {})[1]
  for _, message in ipairs(at and require("chatvim.chat.outline").messages(buf) or {}) do
    if message.role == "assistant" and message.first > at then
      local lines = api.nvim_buf_get_lines(buf, message.first, message.last + 1, false)
      for index, line in ipairs(lines) do
        if vim.trim(line) == FOLDED:format(model) then
          return message.first + index - 1
        end
      end
      return
    end
  end
end

--- Chooses the answer in a window of the side-by-side view whose answers have been written.
---@param comparison chatvim.Comparison
---@param model string
local function choose_written(comparison, model)
  local source = comparison.source
  if not api.nvim_buf_is_loaded(source) then
    return notify.show("copy the answer from here; the chat was closed", "warn")
  elseif comparison.answer == model then
    return view.close(comparison.tab, source)
  end
  local row = find_folded(comparison, model)
  if not row then
    return notify.show("this answer is not in the chat, so it cannot be chosen there", "warn")
  end
  choose(source, row, function(err, level)
    if not err then
      comparison.answer = model
      view.close(comparison.tab, source)
    end
    report(err, level)
  end)
end

--- Chooses the answer of a buffer in the side-by-side view.
---@param comparison chatvim.Comparison
---@param buf integer
local function choose_shown(comparison, buf)
  for _, answer in ipairs(comparison.list) do
    if answer.exchange.buf == buf then
      if comparison.written then
        return choose_written(comparison, answer.model)
      end
      comparison.chosen = buf
      local name = require("chatvim.view.printable").name(answer.model)
      notify.show(("%s is chosen; the others are still answering"):format(name), "info")
    end
  end
end

--- Chooses the answer at the cursor, or shows why it cannot.
function M.run()
  local buf = api.nvim_get_current_buf()
  local comparison = state.get(buf).comparison
  if comparison then
    return choose_shown(comparison, buf)
  end
  choose(buf, api.nvim_win_get_cursor(0)[1] - 1, report)
end

return M
