-- SPDX-License-Identifier: Apache-2.0
-- Sets the title in a chat's front matter: to the user's words, or to a title that the model
-- writes.
local M = {}

local api = vim.api
local exchanges = require("chatvim.chat.exchange")
local notify = require("chatvim.notify")
local outline = require("chatvim.chat.outline")
local running = require("chatvim.chat.running")
local state = require("chatvim.chat.state")

--- How much of the first question, and of its answer, the model reads, in characters.
local EXCERPT = 2000
--- The length limit of a title in characters: a model may write more than it was asked for.
local LONGEST = 100

local INSTRUCTION = "Write a title for the chat that is quoted below: at most eight words, "
  .. "in the language of the chat, as plain text on one line, without quotation marks. "
  .. "Reply with the title only."

---@param buf integer
---@param title string
---@param on_set? fun()
local function set(buf, title, on_set)
  local words = "title: " .. require("chatvim.view.printable").show(title)
  require("chatvim.command.front_matter").set(buf, "set_title", { title = title }, words, on_set)
end

--- Returns the rows of a message that are not its own text: reasoning, calls, folded answers.
---@param buf integer
---@param message chatvim.Outline.Message
---@return chatvim.Outline.Block[]
local function blocks(buf, message)
  local list = vim.list_slice(outline.steps(buf, message.first))
  table.insert(list, outline.reasoning(buf, message.first))
  return list
end

--- Returns the beginning of a message's text, quoted so that nothing in it is a delimiter or embeds
--- a file.
---@param buf integer
---@param message chatvim.Outline.Message
---@return string[]
local function excerpt(buf, message)
  local skipped = {}
  for _, block in ipairs(message.role == "assistant" and blocks(buf, message) or {}) do
    for row = block.first, block.last do
      skipped[row] = true
    end
  end
  local kept, size, row = {}, 0, message.first
  while row <= message.last and size < EXCERPT do
    if not skipped[row] then
      local line = api.nvim_buf_get_lines(buf, row, row + 1, true)[1]
      line = vim.fn.strcharpart(line, 0, EXCERPT - size)
      size = size + vim.fn.strchars(line) + 1
      table.insert(kept, line)
    end
    row = row + 1
  end
  return vim.split(vim.trim(table.concat(kept, "\n")), "\n", { plain = true })
end

--- Returns the first question of a chat and its answer, quoted.
---@param buf integer
---@return string[] lines empty if there is no question yet
local function quote(buf)
  local lines, wanted = {}, "user"
  for _, message in ipairs(outline.messages(buf)) do
    local text = message.role == wanted and excerpt(buf, message) or {}
    if #text > 1 or (text[1] or "") ~= "" then
      vim.list_extend(lines, { "", ("The %s:"):format(wanted), "" })
      for _, line in ipairs(text) do
        table.insert(lines, "> " .. line)
      end
      if wanted == "assistant" then
        break
      end
      wanted = "assistant"
    end
  end
  return lines
end

--- Returns the chat that asks for a title.
---@param buf integer
---@return string[]? lines nil if there is no question yet
local function question(buf)
  local quoted = quote(buf)
  if #quoted > 0 then
    local lines = api.nvim_buf_get_lines(buf, 0, outline.front(buf), true)
    vim.list_extend(lines, { outline.delimiters(buf).user, "", INSTRUCTION })
    return vim.list_extend(lines, quoted)
  end
end

--- Returns a model's answer as a title, or nil if it has none.
---@param text string
---@return string?
local function clean(text)
  local line = text:match("[^\r\n]*%S[^\r\n]*") or ""
  line = line:gsub("%c", " "):gsub("%s+", " ")
  line = vim.trim(line):gsub("^#+%s+", ""):gsub("^[Tt]itle:%s*", ""):gsub("^%*%*(.*)%*%*$", "%1")
  for _, pair in ipairs({
    '^"(.*)"$',
    "^'(.*)'$",
    "^`(.*)`$",
    "^“(.*)”$",
    "^„(.*)“$",
    "^«(.*)»$",
  }) do
    line = line:match(pair) or line
  end
  line = vim.fn.strcharpart(vim.trim(line), 0, LONGEST)
  return line ~= "" and line or nil
end

--- Sets the title that the model has written, or shows why there is none.
---@param exchange chatvim.Exchange
---@param event chatvim.Event
local function finish(exchange, event)
  local source = exchange.source
  state.get(source).title = nil
  local function report(why)
    exchanges.drop(exchange)
    notify.show("no title was set: " .. why, "warn")
  end
  if event.outcome ~= "done" then
    return report(event.message or "it was stopped")
  end
  exchanges.answer(exchange, function(text, err)
    local title = text and clean(text)
    if not title or not api.nvim_buf_is_loaded(source) then
      return report(err or (title and "the chat was closed") or "the answer has no text")
    end
    exchanges.drop(exchange)
    set(source, title)
  end)
end

--- Whether a title is being asked for. Forgets a question that the user did not allow.
---@param chat chatvim.Chat
---@return boolean
local function is_asked(chat)
  if chat.title and not running.is_running(chat.title.buf) then
    exchanges.drop(chat.title)
    chat.title = nil
  end
  return chat.title ~= nil
end

--- Asks the chat's model for a title.
---@param buf integer
local function ask(buf)
  local chat = state.get(buf)
  if is_asked(chat) then
    return notify.show("a title is being written already; :ChatvimStop! stops it", "warn")
  end
  outline.settle(buf)
  local lines = question(buf)
  if not lines then
    return notify.show("ask a question first, or give the title: there is nothing to read", "warn")
  end
  notify.show("asking for a title …", "info")
  ---@type chatvim.Exchange.Spec
  local options = { source = buf, quiet = true, override = { tools = {}, reasoning = "hide" } }
  options.on_end = function(event, asked)
    if not asked then
      -- Later: the end of the answer is still being handled.
      vim.schedule(function()
        finish(chat.title --[[@as chatvim.Exchange]], event)
      end)
    end
  end
  chat.title = options --[[@as chatvim.Exchange]]
  exchanges.start(options, lines)
end

--- Sets the title of a chat, or shows why it cannot.
---@param buf integer
---@param title string "" asks the chat's model for one
---@param on_set? fun() called when `title` has been set; not for one by the model
function M.run(buf, title, on_set)
  if not require("chatvim.command.front_matter").can_edit(buf) then
    return
  elseif vim.trim(title) ~= "" then
    set(buf, vim.trim(title), on_set)
  else
    ask(buf)
  end
end

return M
